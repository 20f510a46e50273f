"""A real classifier on scikit-learn's digits, three settings, and a look at which was best."""

import warnings

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import kymograph as ky

# Each fit below is one epoch on purpose.
warnings.simplefilter("ignore", ConvergenceWarning)

images, labels = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(images / 16, labels, random_state=0, stratify=labels)

for width in (8, 32, 128):
    with ky.init(project="digits", config={"width": width, "lr": 0.005}, group="width") as run:
        run.define("test/acc", goal="max", doc="On a quarter of the digits, held out.")
        model = MLPClassifier((width,), learning_rate_init=run.config.lr, random_state=0)
        for epoch in range(10):
            model.partial_fit(train_x, train_y, classes=np.unique(labels))
            run.log({"loss": model.loss_, "test/acc": model.score(test_x, test_y)}, step=epoch)

for done in ky.open().runs(project="digits", sort="-test/acc.max"):
    print(done.name, done.config["width"], done.summary["test/acc"])
