"""Makes the PyTorch, safetensors, pykan and efficient-kan files of this folder with torch (1.13 or later) and numpy:

    python3 tests/models/make_fixtures.py

Networks are trained on the digits of sample-app/data, pooled to 7 x 7 pixels; expected outputs are computed by torch in float64.
"""
import copy
import gzip
import json
import pathlib
import struct

import numpy
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "sample-app" / "data"


def digits():
    with gzip.open(DATA / "mnist10k-images-idx3-ubyte.gz") as stream:
        images = numpy.frombuffer(stream.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(DATA / "mnist10k-labels-idx1-ubyte.gz") as stream:
        labels = numpy.frombuffer(stream.read(), numpy.uint8, offset=8)
    pooled = images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4)) / 255
    return torch.tensor(pooled.reshape(-1, 49), dtype=torch.float32), torch.tensor(labels.astype(numpy.int64))


def train(model, inputs, targets, loss, steps, rate, batch=128):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for step in range(steps):
        rows = torch.randint(0, len(inputs), (batch,))
        optimizer.zero_grad()
        loss(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()
    return optimizer


def write_expected(name, model, inputs):
    model = copy.deepcopy(model).double().eval()
    with torch.no_grad():
        outputs = model(inputs.double())
    text = json.dumps({"inputs": inputs.double().tolist(), "outputs": outputs.tolist()})
    (HERE / (name + ".expected.json")).write_text(text + "\n")


class Named(nn.Module):
    """Activations in forward, so that the state dict does not show them."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(49, 12)
        self.fc2 = nn.Linear(12, 12, bias=False)
        self.head = nn.Linear(12, 10)

    def forward(self, x):
        return self.head(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def write_safetensors(path, tensors):
    """The format by hand: length of the header, header, data; in the order the reference writer uses, by name."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors):
        content = tensors[name].contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def basis(x, grid, order):
    """The B-splines of an order over extended knots, for x of shape (batch, in) and a grid of shape (in, knots)."""
    x = x.unsqueeze(-1)
    b = ((x >= grid[:, :-1]) & (x < grid[:, 1:])).to(x.dtype)
    for k in range(1, order + 1):
        left = (x - grid[:, : -(k + 1)]) / (grid[:, k:-1] - grid[:, : -(k + 1)])
        right = (grid[:, k + 1 :] - x) / (grid[:, k + 1 :] - grid[:, 1:-k])
        b = left * b[:, :, :-1] + right * b[:, :, 1:]
    return b


class SplineLayer(nn.Module):
    """A layer with the parameters and the names of efficient-kan."""

    def __init__(self, inputs, outputs, intervals, order, base, has_scaler):
        super().__init__()
        step = 2 / intervals
        self.order, self.base = order, base
        self.register_buffer("grid", (torch.arange(-order, intervals + order + 1) * step - 1).repeat(inputs, 1))
        self.base_weight = nn.Parameter(torch.randn(outputs, inputs) * 0.5)
        self.spline_weight = nn.Parameter(torch.randn(outputs, inputs, intervals + order) * 0.2)
        if has_scaler:
            self.spline_scaler = nn.Parameter(torch.rand(outputs, inputs) + 0.5)

    def forward(self, x):
        weight = self.spline_weight
        if hasattr(self, "spline_scaler"):
            weight = weight * self.spline_scaler.unsqueeze(-1)
        return self.base(x) @ self.base_weight.t() + torch.einsum("bik,oik->bo", basis(x, self.grid, self.order), weight)


class SplineNetwork(nn.Module):
    def __init__(self, widths, intervals, order, base, has_scaler):
        super().__init__()
        self.layers = nn.ModuleList(SplineLayer(i, o, intervals, order, base, has_scaler) for i, o in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


FUNCTIONS = {
    "0": lambda x: 0 * x, "x": lambda x: x, "abs": torch.abs, "sin": torch.sin, "exp": torch.exp, "x^2": lambda x: x**2, "tanh": torch.tanh,
    "gaussian": lambda x: torch.exp(-(x**2)), "1/x": lambda x: 1 / x, "arctan": torch.arctan,
}


def pykan(state, names, base, x):
    """The forward pass of pykan, from the tensors of its state dict in float64."""
    state = {key: value.double() for key, value in state.items()}
    for l, funs in enumerate(names):
        grid, coef = state[f"act_fun.{l}.grid"], state[f"act_fun.{l}.coef"]
        order = grid.shape[1] - 1 - coef.shape[2]
        spline = torch.einsum("bik,iok->bio", basis(x, grid, order), coef)
        edges = state[f"act_fun.{l}.scale_base"] * base(x).unsqueeze(-1) + state[f"act_fun.{l}.scale_sp"] * spline
        total = (state[f"act_fun.{l}.mask"] * edges).sum(1)
        mask, affine = state[f"symbolic_fun.{l}.mask"], state[f"symbolic_fun.{l}.affine"]
        for j, row in enumerate(funs):
            for i, name in enumerate(row):
                a, b, c, d = affine[j, i]
                total[:, j] += mask[j, i] * (c * FUNCTIONS[name](a * x[:, i] + b) + d)
        total = state[f"subnode_scale_{l}"] * total + state[f"subnode_bias_{l}"]
        x = state[f"node_scale_{l}"] * total + state[f"node_bias_{l}"]
    return x


def write_pykan(name, source, change, names, config, base, inputs):
    state = torch.load(HERE / (source + "_state"))
    change(state)
    torch.save(state, HERE / (name + "_state"))
    (HERE / (name + "_config.yml")).write_text(config)
    outputs = pykan(state, names, base, inputs.double())
    (HERE / (name + ".expected.json")).write_text(json.dumps({"inputs": inputs.double().tolist(), "outputs": outputs.tolist()}) + "\n")


def names_yaml(names):
    lines = []
    for l, rows in enumerate(names):
        lines.append(f"symbolic.funs_name.{l}:")
        for row in rows:
            lines += [("- - " if i == 0 else "  - ") + (f"'{name}'" if name == "0" else name) for i, name in enumerate(row)]
    return "\n".join(lines) + "\n"


def main():
    torch.manual_seed(1)
    images, labels = digits()
    train_images, train_labels, samples = images[:8500], labels[:8500], images[8500:8532]
    entropy = nn.CrossEntropyLoss()

    # Sequential with batch normalisation: the numbers in the names show where the activations are.
    model = nn.Sequential(nn.Linear(49, 16), nn.BatchNorm1d(16), nn.LeakyReLU(0.1), nn.Dropout(0.1), nn.Linear(16, 12), nn.LeakyReLU(0.1), nn.Linear(12, 10))
    optimizer = train(model, train_images, train_labels, entropy, 600, 0.01)
    model.eval()
    print("batch norm:", (model(images[8500:]).argmax(1) == labels[8500:]).float().mean().item())
    torch.save(model.state_dict(), HERE / "pooled-digits-norm.pt")
    write_expected("pooled-digits-norm", model, samples)
    torch.save({"epoch": 7, "best": 0.93, "history": [1.5, 0.5], "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict()}, HERE / "pooled-digits-checkpoint.pth")

    named = Named()
    train(named, train_images, train_labels, entropy, 600, 0.01)
    print("named:", (named(images[8500:]).argmax(1) == labels[8500:]).float().mean().item())
    torch.save(copy.deepcopy(named).double().state_dict(), HERE / "pooled-digits-double.pt")
    write_expected("pooled-digits", named, samples)
    write_safetensors(HERE / "pooled-digits.safetensors", named.state_dict())

    # One buffer holds all tensors, at offsets; matrices are transposed views, one skips every other number.
    state, buffer, views, start = named.state_dict(), torch.zeros(4000), {}, 5
    for key, value in state.items():
        stride = 2 if key == "head.bias" else 1
        target = torch.as_strided(buffer, value.shape, (1, value.shape[0]) if value.dim() == 2 else (stride,), start)
        target.copy_(value)
        views[key] = target
        start += value.numel() * stride
    torch.save(views, HERE / "pooled-digits-views.pt")
    torch.save({key: value.half() for key, value in state.items()}, HERE / "pooled-digits-half.pt")
    half = copy.deepcopy(named)
    half.load_state_dict({key: value.half().float() for key, value in state.items()})
    write_expected("pooled-digits-half", half, samples)
    torch.save(named, HERE / "whole-module.pt")

    points = torch.rand(4000, 2) * 2 - 1
    targets = torch.exp(torch.sin(torch.pi * points[:, :1]) + points[:, 1:] ** 2)
    for name, order, base, has_scaler in (("efficient-kan-k1", 1, torch.relu, False), ("efficient-kan-k3", 3, nn.functional.silu, True)):
        network = SplineNetwork([2, 4, 1], 5, order, base, has_scaler)
        train(network, points, targets, nn.MSELoss(), 1500, 0.01)
        print(name, nn.MSELoss()(network(points), targets).item() ** 0.5)
        torch.save(network.state_dict(), HERE / (name + ".pth"))
        write_expected(name, network, points[:64])

    silu, samples = nn.functional.silu, points[:64]
    expected = json.loads((HERE / "hello-kan-k3.expected.json").read_text())
    zero = [[["0"] * 2] * 5, [["0"] * 5]]
    ours = pykan(torch.load(HERE / "hello-kan-k3_state"), zero, silu, torch.tensor(expected["inputs"]).double())
    print("pykan k = 3, distance from pykan's float32:", (ours - torch.tensor(expected["outputs"])).abs().max().item())

    def fix(state):
        def symbolic(l, i, j, affine):
            state[f"act_fun.{l}.mask"][i, j] = 0
            state[f"symbolic_fun.{l}.mask"][j, i] = 1
            state[f"symbolic_fun.{l}.affine"][j, i] = torch.tensor(affine)

        symbolic(0, 0, 0, [3.0, 0.25, 0.5, -0.125])
        symbolic(0, 1, 1, [1.5, -0.5, 0.75, 0.0])
        symbolic(0, 0, 2, [2.0, 1.0, -0.25, 0.5])
        symbolic(1, 3, 0, [0.5, 0.0, 1.25, 0.1])
        symbolic(1, 4, 0, [1.0, 0.25, 0.5, 0.0])
        state["symbolic_fun.0.mask"][4, 1] = 1  # beside the spline, which stays
        state["symbolic_fun.0.affine"][4, 1] = torch.tensor([1.0, 3.0, 0.5, 0.0])
        state["act_fun.0.mask"][1, 3] = 0
        state["node_scale_0"] *= torch.tensor([1.0, 0.5, 2.0, -1.0, 1.0])
        state["node_bias_0"] += torch.tensor([0.1, 0.0, -0.2, 0.0, 0.05])
        state["subnode_scale_1"] *= 1.5
        state["subnode_bias_1"] += 0.25

    names = [[["sin", "0"], ["0", "x^2"], ["abs", "0"], ["0", "0"], ["0", "1/x"]], [["0", "0", "0", "tanh", "gaussian"]]]
    scalar = "!!python/object/apply:numpy._core.multiarray.scalar\n- &id001 !!python/object/apply:numpy.dtype\n  args:\n  - i8\n  - false\n  - true\n  state: !!python/tuple\n  - 3\n  - <\n  - null\n  - -1\n- !!binary |\n  BQAAAAAAAAA=\n"
    config = f"base_fun_name: !!python/object:torch.nn.modules.activation.SiLU\n  inplace: false\n  training: true\ngrid: {scalar}k: 3\nmult_arity: 2\nround: *id001\nsymbolic_enabled: true\n" + names_yaml(names) + "width:\n- &id002\n  - 2\n  - 0\n- - 5\n  - 0\n- - 1\n  - 0\n"
    write_pykan("pykan-symbolic", "hello-kan-k3", fix, names, config, silu, samples)

    def masks(state):
        state["act_fun.0.mask"][0, 2] = 0
        state["act_fun.0.mask"][1, 4] = 0
        state["symbolic_fun.0.mask"][2, 0] = 1
        state["symbolic_fun.0.affine"][2, 0] = torch.tensor([2.0, 0.5, 1.5, -0.25])
        state["symbolic_fun.1.mask"][0, 1] = 1
        state["symbolic_fun.1.affine"][0, 1] = torch.tensor([-1.0, 0.5, 0.25, 1.0])
        state["node_scale_0"] *= 0.5
        state["node_bias_1"] += 1
        for l, outputs in ((0, 5), (1, 1)):
            state[f"act_fun.{l}.scale_base"] *= 0.5

    names = [[["0", "0"], ["0", "0"], ["abs", "0"], ["0", "0"], ["0", "0"]], [["0", "x", "0", "0", "0"]]]
    config = "base_fun_name: zero\ngrid: 8\nk: 1\nmult_arity: 2\nsymbolic_enabled: true\n" + names_yaml(names) + "width: [[2, 0], [5, 0], [1, 0]]\n"
    wide = torch.rand(64, 2) * 4 - 2
    write_pykan("pykan-masks", "hello-kan-k1-identity", masks, names, config, lambda x: 0 * x, wide)


main()
