"""Makes the files of the folder quantized: the networks digits-mlp and breast-cancer-mlp of this folder as two quantizers write them.

    python3 tests/models/make_quantized.py

Needs numpy, onnx, torch (1.13 or later) and onnxruntime.quantization (files are of 1.21). The samples are those of the expected outputs.
"""
import json
import pathlib
import tempfile

import numpy
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from torch import nn
from torch.ao import quantization

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE / "quantized"


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


def main():
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
