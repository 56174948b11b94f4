"""The one typed model of a serverless application, in which every value knows where it came from."""
