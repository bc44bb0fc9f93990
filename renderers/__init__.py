"""A Recording becomes a page: images and their exact geometry."""
