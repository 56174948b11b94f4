"""Questions as people ask them."""
