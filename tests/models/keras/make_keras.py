"""Makes the Keras files of this folder with h5py and numpy, laid out as Keras writes them:

    python3 tests/models/keras/make_keras.py

Weights are random, rounded to float32; expected outputs are computed here, in float64, from what each layer means.
"""
import io
import json
import pathlib
import re
import zipfile

import h5py
import numpy

HERE = pathlib.Path(__file__).parent
random = numpy.random.default_rng(7)


def weights(*shape, low=-1.0, high=1.0):
    return random.uniform(low, high, shape).astype(numpy.float32)


def f32(value):
    return float(numpy.float32(value))


# What layers compute, on batches of samples with the channels last.

def leaky(x, slope):
    return numpy.where(x > 0, x, f32(slope) * x)


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: numpy.maximum(x, 0),
    "relu6": lambda x: numpy.clip(x, 0, 6),
    "leaky_relu": lambda x: leaky(x, 0.2),
    "hard_sigmoid": lambda x: numpy.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid of Keras 2": lambda x: numpy.clip(x / 5 + 0.5, 0, 1),
    "soft_shrink": lambda x: numpy.where(x > 0.5, x - 0.5, numpy.where(x < -0.5, x + 0.5, 0)),
    "tanh": numpy.tanh,
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
    "softmax": lambda x: numpy.exp(x) / numpy.exp(x).sum(axis=-1, keepdims=True),
}


def dense(x, kernel, bias=0.0):
    return x @ kernel.astype(numpy.float64) + bias


def batch_normalization(x, gamma, beta, mean, variance, epsilon=1e-3):
    return (x - mean) / numpy.sqrt(variance.astype(numpy.float64) + epsilon) * gamma + beta


def windows(x, size, strides, dilation, padding, empty):
    """The values under the kernel at each place: batch, row, column, kernel row, kernel column, channel."""
    before, after = [], []
    for axis in range(2):
        extent = dilation[axis] * (size[axis] - 1) + 1
        places = -(-x.shape[axis + 1] // strides[axis])
        total = max(0, (places - 1) * strides[axis] + extent - x.shape[axis + 1]) if padding == "same" else 0
        before.append(total // 2 if padding != "causal" or axis == 0 else extent - 1)
        after.append(total - total // 2 if padding != "causal" else 0)
    x = numpy.pad(x, [(0, 0), (before[0], after[0]), (before[1], after[1]), (0, 0)], constant_values=empty)
    rows = (x.shape[1] - dilation[0] * (size[0] - 1) - 1) // strides[0] + 1
    columns = (x.shape[2] - dilation[1] * (size[1] - 1) - 1) // strides[1] + 1
    result = numpy.empty((x.shape[0], rows, columns, size[0], size[1], x.shape[3]))
    for i in range(size[0]):
        for j in range(size[1]):
            top, left = i * dilation[0], j * dilation[1]
            result[:, :, :, i, j] = x[:, top:top + rows * strides[0]:strides[0], left:left + columns * strides[1]:strides[1]]
    return result


def conv2d(x, kernel, bias, strides=(1, 1), dilation=(1, 1), padding="valid"):
    return numpy.einsum("brcijk,ijkf->brcf", windows(x, kernel.shape[:2], strides, dilation, padding, 0.0), kernel) + bias


def depthwise(x, kernel, bias):
    result = numpy.einsum("brcijk,ijkm->brckm", windows(x, kernel.shape[:2], (1, 1), (1, 1), "valid", 0.0), kernel)
    return result.reshape(*result.shape[:3], -1) + bias


# How Keras writes models.

def snake(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


WEIGHT_NAMES = {
    "Dense": ["kernel:0", "bias:0"], "Conv1D": ["kernel:0", "bias:0"], "PReLU": ["alpha:0"],
    "BatchNormalization": ["gamma:0", "beta:0", "moving_mean:0", "moving_variance:0"],
}


def legacy(name, model, stored, version="2.15.0", names=None, **file_options):
    """A file of Keras 1 or 2. Stored: (layer, class, weights)."""
    with h5py.File(HERE / name, "w", **file_options) as file:
        file.attrs["keras_version"] = version.encode("utf8")
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(model).encode("utf8")
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = [layer.encode("utf8") for layer, _, _ in stored]
        root.attrs["backend"] = b"tensorflow"
        root.attrs["keras_version"] = version.encode("utf8")
        for layer, kind, tensors in sorted(stored, key=lambda item: item[0]):
            group = root.create_group(layer)
            own = [f"{layer}/{weight}" for weight in WEIGHT_NAMES.get(kind, [])] if names is None else names[layer]
            group.attrs["weight_names"] = [weight.encode("utf8") for weight in own[:len(tensors)]]
            for weight, tensor in zip(own, tensors):
                group.create_dataset(weight, tensor.shape, dtype=tensor.dtype)[...] = tensor
        top = root.create_group("top_level_model_weights")
        top.attrs["weight_names"] = []


def archive(name, model, stored, version="3.6.0", root="layers", is_double_counted=False):
    """A file of Keras 3."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_group("vars")
        used = {}
        for _, kind, tensors in stored:
            group = snake(kind)
            number = used.get(group, -1) + 1
            used[group] = number + (1 if is_double_counted and tensors else 0)
            own = file.create_group(f"{root}/{group}" + (f"_{number}" if number else "")).create_group("vars")
            for i, tensor in enumerate(tensors):
                own[str(i)] = tensor
    with zipfile.ZipFile(HERE / name, "w") as zipped:
        for entry, content in (
                ("metadata.json", json.dumps({"keras_version": version, "date_saved": "2026-01-01@00:00:00"}).encode()),
                ("config.json", json.dumps(model).encode()), ("model.weights.h5", buffer.getvalue())):
            zipped.writestr(zipfile.ZipInfo(entry, (2026, 1, 1, 0, 0, 0)), content)


def expected(name, inputs, outputs):
    text = json.dumps({"inputs": inputs.reshape(len(inputs), -1).tolist(), "outputs": outputs.reshape(len(outputs), -1).tolist()})
    (HERE / (name + ".expected.json")).write_text(text + "\n")


def layer(kind, name, inbound=None, **config):
    result = {"module": "keras.layers", "class_name": kind, "config": {"name": name, "trainable": True, "dtype": {
        "module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}, **config},
        "registered_name": None}
    if inbound is not None:
        tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 3], "dtype": "float32", "keras_history": [inbound, 0, 0]}}
        result["inbound_nodes"] = [{"args": [tensor], "kwargs": {}}] if inbound else []
        result["name"] = name
    return result


def old(kind, name, inbound=None, **config):
    result = {"class_name": kind, "config": {"name": name, "trainable": True, "dtype": "float32", **config}}
    if inbound is not None:
        result["name"] = name
        result["inbound_nodes"] = [[[inbound, 0, 0, {}]]] if inbound else []
    return result


def sequential(layers, **config):
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "layers": layers, **config},
            "registered_name": None}


def functional(layers):
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": {
        "name": "functional", "layers": layers, "input_layers": [[layers[0]["name"], 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]]}, "registered_name": "Functional"}


def inputs(*shape):
    return random.uniform(-2, 2, (12, *shape))


def main():
    # Dense layers and batch normalization, as all versions write them.
    x = inputs(3)
    k1, b1, k2, b2 = weights(3, 5), weights(5), weights(5, 2), weights(2)
    norm = [weights(5), weights(5), weights(5), weights(5, low=0.1)]
    y = dense(batch_normalization(ACTIVATIONS["relu"](dense(x, k1, b1)), *norm), k2, b2)
    stored = [("dense", "Dense", [k1, b1]), ("dropout", "Dropout", []), ("batch_normalization", "BatchNormalization", norm),
              ("dense_1", "Dense", [k2, b2])]
    arguments = [("InputLayer", "input_1", {}), ("Dense", "dense", {"units": 5, "activation": "relu", "use_bias": True}),
                 ("Dropout", "dropout", {"rate": 0.5}), ("BatchNormalization", "batch_normalization", {
                     "axis": [1], "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}),
                 ("Dense", "dense_1", {"units": 2, "activation": "linear", "use_bias": True})]
    before = ["", "input_1", "dense", "dropout", "batch_normalization"]
    arguments[0][2]["batch_input_shape"] = [None, 3]
    legacy("dense.h5", {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        old(kind, name, **config) for kind, name, config in arguments]}}, stored)
    legacy("functional.h5", {"class_name": "Functional", "config": {"name": "model", "layers": [
        old(kind, name, inbound, **config) for (kind, name, config), inbound in reversed(list(zip(arguments, before)))],
        "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_1", 0, 0]]}}, stored)
    arguments[0][2]["batch_shape"] = arguments[0][2].pop("batch_input_shape")
    arguments[3][2]["axis"] = -1
    model = sequential([layer(kind, name, **config) for kind, name, config in arguments])
    archive("dense.keras", model, stored)
    archive("checkpoint.keras", model, stored, version="2.13.1", root="_layer_checkpoint_dependencies", is_double_counted=True)
    archive("functional.keras", functional([
        layer(kind, name, inbound, **config) for (kind, name, config), inbound in zip(arguments, before)]), stored)
    legacy("latest.h5", {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        old(kind, name, **config) for kind, name, config in arguments]}},
        stored + [(f"spare_{i}", "Dropout", []) for i in range(12)], libver="latest")
    legacy("keras1.h5", {"class_name": "Sequential", "config": [
        {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 5, "input_dim": 3, "activation": "relu", "bias": True}},
        {"class_name": "BatchNormalization", "config": {"name": "batchnormalization_1", "epsilon": 0.001, "axis": -1, "mode": 0}},
        {"class_name": "Dense", "config": {"name": "dense_2", "output_dim": 2, "activation": "linear", "bias": True}}]},
        [("dense_1", "", [k1, b1]), ("batchnormalization_1", "", norm), ("dense_2", "", [k2, b2])], version="1.2.2",
        names={"dense_1": ["dense_1_W", "dense_1_b"], "dense_2": ["dense_2_W", "dense_2_b"], "batchnormalization_1": [
            f"batchnormalization_1_{weight}" for weight in ("gamma", "beta", "running_mean", "running_std")]})
    expected("dense", x, y)

    # Layers that bend or scale each value.
    x = inputs(2, 2)
    mean, variance, count = weights(2), weights(2, low=0.5, high=2), numpy.array(12, numpy.int32)
    k1, slopes, k2, b2 = weights(4, 6, low=-3, high=3), weights(6), weights(6, 4, low=-3, high=3), weights(4)
    y = ((x - mean) / numpy.sqrt(variance.astype(numpy.float64))).reshape(12, 4) * f32(0.3) + f32(-0.1)
    y = leaky(dense(y, k1), 0.05)
    y = numpy.where(y > 0, y, slopes * y)
    y = numpy.where(y >= 2, 2.0, leaky(y, 0.25))
    y = ACTIVATIONS["leaky_relu"](dense(y, k2, b2))
    y = ACTIVATIONS["soft_shrink"](y)
    y = (y * numpy.sqrt([1.0, 2.0, 3.0, 4.0]) + [0.5, 0.25, 0.0, -1.0])
    y = ACTIVATIONS["hard_sigmoid"](y)
    archive("bends.keras", sequential([
        layer("InputLayer", "input", batch_shape=[None, 2, 2]),
        layer("Normalization", "normalization", axis=[-1], invert=False, mean=None, variance=None),
        layer("Flatten", "flatten", data_format="channels_last"),
        layer("Rescaling", "rescaling", scale=0.3, offset=-0.1),
        layer("Dense", "dense", units=6, activation="linear", use_bias=False),
        layer("GaussianNoise", "noise", stddev=0.1), layer("LeakyReLU", "leaky", negative_slope=0.05),
        layer("PReLU", "prelu", shared_axes=None), layer("ReLU", "relu", max_value=2.0, negative_slope=0.25, threshold=0.0),
        layer("Reshape", "reshape", target_shape=[1, -1]), layer("Reshape", "again", target_shape=[6]),
        layer("Dense", "dense_1", units=4, activation="leaky_relu", use_bias=True), layer("Activation", "shrink", activation="soft_shrink"),
        layer("Normalization", "back", axis=[-1], invert=True, mean=[0.5, 0.25, 0.0, -1.0], variance=[1.0, 2.0, 3.0, 4.0]),
        layer("Activation", "hard", activation="hard_sigmoid"), layer("ActivityRegularization", "regularization")]),
        [("", "Normalization", [mean, variance, count]), ("", "Dense", [k1]), ("", "PReLU", [slopes]), ("", "Dense", [k2, b2])])
    expected("bends", x, y)

    # hard_sigmoid of Keras 2, weights in half and double precision.
    x = inputs(2)
    k1, b1, k2 = weights(2, 3, low=-4, high=4).astype(numpy.float16), weights(3).astype(numpy.float16), weights(3, 1).astype(numpy.float64)
    legacy("precisions.h5", {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        old("Dense", "a", batch_input_shape=[None, 2], units=3, activation="hard_sigmoid", use_bias=True),
        old("Dense", "b", units=1, activation="linear", use_bias=False)]}}, [("a", "Dense", [k1, b1]), ("b", "Dense", [k2])])
    expected("precisions", x, dense(ACTIVATIONS["hard_sigmoid of Keras 2"](dense(x, k1, b1.astype(numpy.float64))), k2))

    # Curves and a softmax at the end.
    x = inputs(2)
    k1, b1, k2, b2 = weights(2, 3), weights(3), weights(3, 3), weights(3)
    y = dense(ACTIVATIONS["tanh"](dense(x, k1, b1)), k2, b2)
    archive("curves.keras", sequential([
        layer("InputLayer", "input", batch_shape=[None, 2]), layer("Dense", "dense", units=3, activation="tanh", use_bias=True),
        layer("Dense", "dense_1", units=3, activation="softmax", use_bias=True)]),
        [("", "Dense", [k1, b1]), ("", "Dense", [k2, b2])])
    expected("curves", x, y)

    # Images.
    x = inputs(7, 6, 2)
    k1, b1, norm, kd, bd, k3, b3 = weights(3, 2, 2, 4), weights(4), [weights(4), weights(4), weights(4), weights(4, low=0.1)], \
        weights(2, 2, 4, 2), weights(8), weights(8, 3), weights(3)
    y = ACTIVATIONS["relu"](batch_normalization(conv2d(x, k1, b1, padding="same"), *norm))
    y = windows(y, (2, 2), (2, 2), (1, 1), "same", -numpy.inf).max(axis=(3, 4))
    y = depthwise(y, kd, bd)
    y = windows(y, (2, 1), (1, 1), (1, 1), "valid", 0.0).mean(axis=(3, 4))
    y = dense(y.mean(axis=(1, 2)), k3, b3)
    archive("images.keras", sequential([
        layer("InputLayer", "input", batch_shape=[None, 7, 6, 2]),
        layer("Conv2D", "conv", filters=4, kernel_size=[3, 2], strides=[1, 1], padding="same", data_format="channels_last",
              dilation_rate=[1, 1], groups=1, activation="linear", use_bias=True),
        layer("BatchNormalization", "norm", axis=-1, epsilon=0.001, center=True, scale=True),
        layer("Activation", "relu", activation="relu"),
        layer("MaxPooling2D", "pool", pool_size=[2, 2], strides=[2, 2], padding="same", data_format="channels_last"),
        layer("DepthwiseConv2D", "depthwise", kernel_size=[2, 2], strides=[1, 1], padding="valid", depth_multiplier=2,
              data_format="channels_last", activation="linear", use_bias=True),
        layer("AveragePooling2D", "average", pool_size=[2, 1], strides=[1, 1], padding="valid"),
        layer("GlobalAveragePooling2D", "global", keepdims=False),
        layer("Dense", "dense", units=3, activation="linear", use_bias=True)]),
        [("", "Conv2D", [k1, b1]), ("", "BatchNormalization", norm), ("", "DepthwiseConv2D", [kd, bd]), ("", "Dense", [k3, b3])])
    expected("images", x, y)

    # Sequences: rows of an image of height 1.
    x = inputs(9, 2)
    k1, b1, k2, b2 = weights(3, 2, 4), weights(4), weights(16, 2), weights(2)
    image = x.reshape(12, 1, 9, 2)
    y = ACTIVATIONS["relu"](conv2d(image, k1[None], b1, dilation=(1, 2), padding="causal"))
    y = windows(y, (1, 2), (1, 2), (1, 1), "valid", 0.0).max(axis=(3, 4)).reshape(12, -1)
    y = dense(y, k2, b2)
    legacy("sequence.h5", {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        old("InputLayer", "input_1", batch_input_shape=[None, 9, 2], sparse=False, ragged=False),
        old("Conv1D", "conv1d", filters=4, kernel_size=[3], strides=[1], padding="causal", data_format="channels_last", dilation_rate=[2],
            groups=1, activation="relu", use_bias=True),
        old("MaxPooling1D", "pool", pool_size=[2], strides=[2], padding="valid", data_format="channels_last"),
        old("Flatten", "flatten", data_format="channels_last"), old("Dense", "dense", units=2, activation="linear", use_bias=True)]}},
        [("conv1d", "Conv1D", [k1, b1]), ("dense", "Dense", [k2, b2])])
    expected("sequence", x, y)

    # What reaches into other files.
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        old("Dense", "a", batch_input_shape=[None, 2], units=1, activation="linear", use_bias=False)]}}
    for name, options in (("external-link.h5", {}), ("external-data.h5", {}), ("virtual.h5", {"libver": "latest"}), ("cycle.h5", {})):
        with h5py.File(HERE / name, "w", **options) as file:
            file.attrs["model_config"] = json.dumps(model).encode("utf8")
            group = file.create_group("model_weights/a")
            group.attrs["weight_names"] = [b"a/kernel:0"]
            if name == "external-link.h5":
                group["a"] = h5py.ExternalLink("dense.h5", "/model_weights/dense/dense")
            elif name == "cycle.h5":
                group["a"] = h5py.SoftLink("/model_weights/a/a")
            elif name == "external-data.h5":
                group.create_dataset("a/kernel:0", (2, 1), "f4", external=[("dense.h5", 0, 8)])
            else:
                layout = h5py.VirtualLayout((2, 1), "f4")
                layout[:, :] = h5py.VirtualSource("dense.h5", "model_weights/dense_1/dense_1/kernel:0", (5, 2))[:2, :1]
                group.create_virtual_dataset("a/kernel:0", layout)


if __name__ == "__main__":
    main()
