"""What tests of Kymograph and of things built on it share."""
