"""The ground plane: where on the floor, in metres, a point of the picture lies, and how sure that is."""
