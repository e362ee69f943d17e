"""Block Kit as pure functions: values of the plan in, blocks and full fallback text out."""
