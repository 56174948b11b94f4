/**
 * Lets `node --test` run the handlers as they are: imports without a suffix find the .ts file (or the
 * .js file when compiled), and everything of the AWS SDK comes from test/stubs/aws-sdk.
 */
import { register } from "node:module";

register("./resolve.mjs", import.meta.url);
