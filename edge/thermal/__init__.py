"""What is hot in the pictures of a thermal camera, and what grows there as a fire does."""
