import json
import numpy
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

random = numpy.random.default_rng(0)
x = numpy.column_stack([random.uniform(18, 90, 3000), random.uniform(90, 200, 3000)])       # age, blood pressure
risk = 100 / (1 + numpy.exp(-0.09 * (x[:, 0] - 60) - 0.04 * (x[:, 1] - 140)))               # in percent
band = numpy.digitize(risk, [20, 60])                                                       # good, watch, bad

scaler = StandardScaler().fit(x)
score = MLPRegressor([12], random_state=0, max_iter=2000).fit(scaler.transform(x), risk)
decision = MLPClassifier([12], random_state=0, max_iter=2000).fit(scaler.transform(x), band)


def save(name, net):
    """Writes the layers of a scikit-learn network, with their numbers as they are."""
    layers = []
    for weights, bias in zip(net.coefs_, net.intercepts_):
        inputs, outputs = weights.shape
        layers.append({"kind": "affine", "inputs": inputs, "outputs": outputs, "weights": weights.T.ravel().tolist(), "bias": bias.tolist()})
        layers.append({"kind": "activation", "size": outputs, "function": "relu"})
    with open(name + ".kan.json", "w") as file:
        json.dump({"format": "kan", "version": 1, "name": name, "layers": layers[:-1]}, file)


save("score", score)
save("decision", decision)
with open("scaler.json", "w") as file:
    json.dump({"mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()}, file)
with open("labels.txt", "w") as file:
    file.write("good\nwatch\nbad\n")

sample = scaler.transform([[52, 131]])
print(f"age 52, pressure 131: risk {score.predict(sample)[0]:.6f} %, band {decision.predict(sample)[0]}")
