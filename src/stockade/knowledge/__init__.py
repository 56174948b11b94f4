"""Dated facts about AWS, each with where it comes from.

Nothing here is read when it is imported: every accessor opens its data file on first use and keeps it. Every data file
carries a `Provenance`: the date at which its facts held, the sources it was made from, and their licences. The files
under `data/` are written by the scripts in `scripts/knowledge/`; nobody edits them by hand.

| module | facts |
|---|---|
| `iam` | actions, resource types, condition keys, managed policies and how broad they are, what operations need |
| `runtimes` | every Lambda runtime identifier with its dates |
| `lambda_` | defaults and limits of a function, who may invoke one and how, reserved names, layer publishers |
| `sam` | policy templates, Globals, event types, generated roles and connectors of the SAM transform |
| `secrets` | what a secret looks like, by value and by name |
| `tls` | which named TLS policies are still current |
| `regions` | partitions, regions and service principals |
"""
