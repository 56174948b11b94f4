stage = "dev"
token = "s3cr3t-t0ken-93412"

workers = {
  fast = { memory = 512, tracing = "Active" }
  slow = { memory = 128, tracing = "PassThrough" }
}
