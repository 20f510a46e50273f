"""The perceptron: its gradients are the loss's own, and it learns."""

import numpy as np

from kymograph.demo.network import Network, log_softmax

RNG = np.random.default_rng(3)
INPUTS = RNG.normal(size=(6, 4))
LABELS = np.array([0, 1, 2, 0, 1, 2])


def loss_of(network):
    return network.gradients(INPUTS, LABELS).loss


def test_gradients_agree_with_finite_differences():
    network = Network((4, 5, 3), np.random.default_rng(0))
    found = network.gradients(INPUTS, LABELS)
    small = 1e-6
    for parameters, gradients in ((network.weights, found.weights), (network.biases, found.biases)):
        for array, gradient in zip(parameters, gradients, strict=True):
            for place in np.ndindex(array.shape):
                array[place] += small
                above = loss_of(network)
                array[place] -= 2 * small
                below = loss_of(network)
                array[place] += small
                np.testing.assert_allclose(gradient[place], (above - below) / (2 * small), atol=1e-6)


def test_descending_lowers_the_loss():
    network = Network((4, 8, 3), np.random.default_rng(0))
    before = loss_of(network)
    for _ in range(200):
        network.descend(network.gradients(INPUTS, LABELS), rate=0.1, momentum=0.9)
    assert loss_of(network) < before / 10


def test_a_snapshot_brings_everything_back():
    network = Network((4, 5, 3), np.random.default_rng(0))
    network.descend(network.gradients(INPUTS, LABELS), 0.1, 0.9)
    saved, loss = network.snapshot(), loss_of(network)
    for _ in range(5):
        network.descend(network.gradients(INPUTS, LABELS), 0.1, 0.9)
    network.restore(saved)
    assert loss_of(network) == loss


def test_the_log_softmax_of_large_scores_is_exact():
    assert log_softmax(np.array([[1000.0, 0.0]])).tolist() == [[0.0, -1000.0]]


def test_parameters_are_counted():
    assert Network((64, 10), np.random.default_rng(0)).parameters == 650
