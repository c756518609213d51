import json, torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
digits = load_digits()                                            # 1,797 pictures of 8 by 8, pixels from 0 to 16
x, y = torch.tensor(digits.data, dtype=torch.float32) / 16, torch.tensor(digits.target)
net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(200):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x[:1400]), y[:1400]).backward()
    optimizer.step()
print("test accuracy", (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item())

torch.onnx.export(net, torch.zeros(1, 64), "digits.onnx", opset_version=13)
with open("sample.json", "w") as file:
    json.dump({"pixels": x[1400].tolist(), "logits": net.double()(x[1400].double()).tolist()}, file)
