"""Makes the files of the folder quantized: the networks digits-mlp and breast-cancer-mlp of this folder as two quantizers write them, and
convolutional networks that are trained on the digits of sample-app/data, pooled to 14 x 14 pixels.

    python3 tests/models/make_quantized.py [images]

Needs numpy, onnx, torch (1.13 or later) and onnxruntime.quantization (files are of 1.21); with "images", which makes the convolutional
ones alone, numpy and torch. The samples of the others are those of the expected outputs.
"""
import gzip
import json
import pathlib
import sys
import tempfile

import numpy
import torch
from torch import nn
from torch.ao import quantization

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "quantized"
DATA = HERE.parent.parent / "sample-app" / "data"

if sys.argv[1:] != ["images"]:
    import onnx
    from onnx import helper, numpy_helper
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
else:
    CalibrationDataReader = object


class Samples(CalibrationDataReader):
    def __init__(self, name, rows):
        self.rows = iter([{name: row[None]} for row in rows])

    def get_next(self):
        return next(self.rows, None)


class Coded(nn.Module):
    """A network between the nodes that make codes of its inputs and numbers of the codes of its outputs."""

    def __init__(self, network):
        super().__init__()
        self.enter = quantization.QuantStub()
        self.network = network
        self.leave = quantization.DeQuantStub()

    def forward(self, x):
        return self.leave(self.network(self.enter(x)))


def samples(name):
    return numpy.array(json.loads((HERE / (name + ".expected.json")).read_text())["inputs"], dtype=numpy.float32)


def with_onnxruntime(name, output, change=None, dynamic=False, **options):
    model = onnx.load(HERE / (name + ".onnx"))
    if change is not None:
        change(model.graph)
    with tempfile.TemporaryDirectory() as scratch:
        path = str(pathlib.Path(scratch) / "model.onnx")
        onnx.save(model, path)
        target = str(OUTPUT / (output + ".onnx"))
        if dynamic:
            quantize_dynamic(path, target, **options)
        else:
            quantize_static(path, target, Samples(model.graph.input[0].name, samples(name)), **options)


def unfuse(graph):
    """Writes each Gemm as MatMul and Add, as converters of other frameworks do."""
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type != "Gemm":
            nodes.append(node)
            continue
        transposed = numpy_helper.from_array(numpy_helper.to_array(weights[node.input[1]]).T.copy(), node.input[1] + ".T")
        graph.initializer.remove(weights[node.input[1]])
        graph.initializer.append(transposed)
        product = node.output[0] + ".product"
        nodes.append(helper.make_node("MatMul", [node.input[0], transposed.name], [product], node.name + "/MatMul"))
        nodes.append(helper.make_node("Add", [product, node.input[2]], [node.output[0]], node.name + "/Add"))
    del graph.node[:]
    graph.node.extend(nodes)


def add_softmax(graph):
    graph.node.append(helper.make_node("Softmax", [graph.output[0].name], ["probabilities"], "softmax", axis=1))
    graph.output[0].name = "probabilities"


def network(name):
    graph = onnx.load(HERE / (name + ".onnx")).graph
    weights = {tensor.name: torch.tensor(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    layers = []
    for node in graph.node:
        if node.op_type == "Relu":
            layers.append(nn.ReLU())
            continue
        layer = nn.Linear(*reversed(weights[node.input[1]].shape))
        layer.weight.data, layer.bias.data = weights[node.input[1]], weights[node.input[2]]
        layers.append(layer)
    return Coded(nn.Sequential(*layers))


def export(model, rows, output):
    torch.onnx.export(model, rows[:1], str(OUTPUT / (output + ".onnx")), opset_version=13, input_names=["input"],
                      output_names=["output"], dynamic_axes={"input": {0: "batch"}})


def converted_by_torch(name, output, backend):
    model, rows = network(name).eval(), torch.tensor(samples(name))
    model.qconfig = quantization.get_default_qconfig(backend)
    quantization.prepare(model, inplace=True)
    model(rows)
    quantization.convert(model, inplace=True)
    export(model, rows, output)


def simulated_by_torch(name, output, backend, fuse=True):
    torch.manual_seed(1)
    model, rows = network(name).train(), torch.tensor(samples(name))
    model.qconfig = quantization.get_default_qat_qconfig(backend, version=0)
    if fuse:
        pairs = [[str(i), str(i + 1)] for i in range(0, len(model.network) - 1, 2)]
        model.network = quantization.fuse_modules_qat(model.network, pairs)
    quantization.prepare_qat(model, inplace=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    for _ in range(5):
        optimizer.zero_grad()
        model(rows).square().mean().backward()
        optimizer.step()
    model.eval()
    model.apply(quantization.disable_observer)
    export(model, rows, output)


def digits():
    with gzip.open(DATA / "mnist10k-images-idx3-ubyte.gz") as stream:
        images = numpy.frombuffer(stream.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(DATA / "mnist10k-labels-idx1-ubyte.gz") as stream:
        labels = numpy.frombuffer(stream.read(), numpy.uint8, offset=8)
    pooled = images.reshape(-1, 1, 14, 2, 14, 2).mean(axis=(3, 5)) / 255
    return torch.tensor(pooled, dtype=torch.float32), torch.tensor(labels.astype(numpy.int64))


class Reshaped(nn.Module):
    """Rows of as many values as there are, which is exported as nodes that compute a shape."""

    def forward(self, x):
        return x.reshape(x.size(0), -1)


def classifier(flatten=nn.Flatten):
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 10, 3, stride=2), nn.ReLU(), flatten(),
        nn.Linear(90, 10))


def separable():
    """Depthwise and pointwise convolutions with batch norms and ReLU6, and an average over the image: as in MobileNet."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))


def trained(network, images, labels, steps=600):
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(steps):
        rows = torch.randint(0, len(images), (64,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images[rows]), labels[rows]).backward()
        optimizer.step()
    return network


def groups(network):
    """The modules that are fused: convolutions with what follows them."""
    found = []
    for name, module in network.named_children():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            found.append([name])
        elif found and isinstance(module, (nn.BatchNorm2d, nn.ReLU)):
            found[-1].append(name)
    return [names for names in found if len(names) > 1]


def images_by_torch(output, make, backend, simulated=False):
    torch.manual_seed(1)
    images, labels = digits()
    network = trained(make(), images, labels).eval()
    if simulated:
        network = quantization.fuse_modules_qat(network.train(), groups(network))
        model = Coded(network).train()
        model.qconfig = quantization.get_default_qat_qconfig(backend, version=0)
        quantization.prepare_qat(model, inplace=True)
        trained(model, images, labels, steps=20)
        model.eval()
        model.apply(quantization.disable_observer)
    else:
        model = Coded(quantization.fuse_modules(network, groups(network))).eval()
        model.qconfig = quantization.get_default_qconfig(backend)
        quantization.prepare(model, inplace=True)
        model(images[:500])
        quantization.convert(model, inplace=True)
    with torch.no_grad():
        print(output, (model(images[-1000:]).argmax(1) == labels[-1000:]).float().mean().item())
    export(model, images, output)


def images_of_digits():
    OUTPUT.mkdir(exist_ok=True)
    torch.backends.quantized.engine = "qnnpack"
    images_by_torch("torch-images-converted", classifier, "qnnpack")
    images_by_torch("torch-images-converted-per-channel", classifier, "fbgemm")
    images_by_torch("torch-images-separable", separable, "qnnpack")
    images_by_torch("torch-images-simulated", lambda: classifier(Reshaped), "qnnpack", simulated=True)
    images_by_torch("torch-images-simulated-flatten", classifier, "qnnpack", simulated=True)


def main():
    images_of_digits()
    if sys.argv[1:] == ["images"]:
        return
    OUTPUT.mkdir(exist_ok=True)
    with_onnxruntime("digits-mlp", "ort-digits-qdq", activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-qdq-per-channel", per_channel=True, reduce_range=True)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-qdq-symmetric", extra_options={"ActivationSymmetric": True})
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-qdq-float-bias", extra_options={"QuantizeBias": False})
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-operators", quant_format=QuantFormat.QOperator)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-operators-per-channel", quant_format=QuantFormat.QOperator, per_channel=True)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-dynamic", dynamic=True)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-matmul-add", unfuse)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-matmul-add-operators", unfuse, quant_format=QuantFormat.QOperator)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-uint8-weights", activation_type=QuantType.QUInt8, weight_type=QuantType.QUInt8)
    with_onnxruntime("breast-cancer-mlp", "ort-cancer-softmax", add_softmax)
    torch.backends.quantized.engine = "qnnpack"
    converted_by_torch("digits-mlp", "torch-digits-converted-per-channel", "fbgemm")
    converted_by_torch("breast-cancer-mlp", "torch-cancer-converted", "qnnpack")
    simulated_by_torch("breast-cancer-mlp", "torch-cancer-simulated-7-bits", "fbgemm")
    simulated_by_torch("breast-cancer-mlp", "torch-cancer-simulated", "qnnpack")
    simulated_by_torch("breast-cancer-mlp", "torch-cancer-simulated-unfused", "fbgemm", fuse=False)


if __name__ == "__main__":
    main()
