"""Access control: logins, rate limits, security headers and the proxy."""
