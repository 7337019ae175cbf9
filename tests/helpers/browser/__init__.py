"""What the browser tests share, the benchmarks of the views and the pictures of the README too."""
