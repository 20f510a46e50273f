"""A small multilayer perceptron in numpy whose every inner number can be logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

LEAK = 0.01  # the slope below zero; with none, too high a learning rate ends in dead units instead of NaN


@dataclass(frozen=True, slots=True)
class Pass:
    """What one forward and backward pass over a batch gave."""

    loss: float
    accuracy: float
    weights: list[Array]  # gradients, one per layer
    biases: list[Array]
    silent: list[float]  # per hidden layer: share of units that were below zero


class Network:
    """Leaky ReLU layers and a softmax, trained by gradient descent with momentum."""

    def __init__(self, sizes: Sequence[int], rng: np.random.Generator) -> None:
        pairs = list(pairwise(sizes))
        self.weights = [rng.normal(0.0, np.sqrt(2.0 / a), (a, b)) for a, b in pairs]
        self.biases = [np.zeros(b) for _, b in pairs]
        self._weight_speed = [np.zeros_like(weight) for weight in self.weights]
        self._bias_speed = [np.zeros_like(bias) for bias in self.biases]

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        return sum(weight.size for weight in self.weights) + sum(bias.size for bias in self.biases)

    def log_chances(self, inputs: Array) -> Array:
        """Logarithms of the class probabilities, one row per input row."""
        return log_softmax(self._layers(inputs)[-1])

    def gradients(self, inputs: Array, labels: Labels) -> Pass:
        """Mean cross-entropy over the batch and its gradients."""
        layers = self._layers(inputs)
        logs = log_softmax(layers[-1])
        chances = np.exp(logs)
        rows = np.arange(len(labels))
        loss = float(-logs[rows, labels].mean())
        accuracy = float((chances.argmax(axis=1) == labels).mean())
        back = chances
        back[rows, labels] -= 1.0
        back /= len(labels)
        weights: list[Array] = []
        biases: list[Array] = []
        for layer in range(len(self.weights) - 1, -1, -1):
            weights.append(layers[layer].T @ back)
            biases.append(back.sum(axis=0))
            if layer:
                back = (back @ self.weights[layer].T) * np.where(layers[layer] > 0.0, 1.0, LEAK)
        silent = [float((hidden <= 0.0).mean()) for hidden in layers[1:-1]]
        return Pass(loss, accuracy, weights[::-1], biases[::-1], silent)

    def descend(self, found: Pass, rate: float, momentum: float) -> list[float]:
        """Take one step; returns how far each layer's weights moved (L2)."""
        moved = []
        for layer in range(len(self.weights)):
            speed = self._weight_speed[layer]
            speed *= momentum
            speed -= rate * found.weights[layer]
            self.weights[layer] += speed
            bias_speed = self._bias_speed[layer]
            bias_speed *= momentum
            bias_speed -= rate * found.biases[layer]
            self.biases[layer] += bias_speed
            moved.append(float(np.linalg.norm(speed)))
        return moved

    def snapshot(self) -> list[Array]:
        """Everything learnt so far, copied; `restore` takes it back."""
        state = (*self.weights, *self.biases, *self._weight_speed, *self._bias_speed)
        return [array.copy() for array in state]

    def restore(self, state: list[Array]) -> None:
        """Go back to a snapshot."""
        mine = (*self.weights, *self.biases, *self._weight_speed, *self._bias_speed)
        for array, saved in zip(mine, state, strict=True):
            array[...] = saved

    def _layers(self, inputs: Array) -> list[Array]:
        layers = [inputs]
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            result = layers[-1] @ weight + bias
            layers.append(result if layer == len(self.weights) - 1 else np.maximum(result, LEAK * result))
        return layers


def log_softmax(scores: Array) -> Array:
    """Logarithms of the softmax of each row; exact for scores of any size that is finite."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result
