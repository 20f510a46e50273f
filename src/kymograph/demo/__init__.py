"""A real training on the data sets that come with scikit-learn, written through the front door only."""
