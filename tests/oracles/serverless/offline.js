// Loaded before the framework: whoever it wants to ask, the answer is that there is no such thing, as for a first deployment.
"use strict";

const net = require("net");
const tls = require("tls");

tls.connect = () => {
  const socket = new net.Socket();
  process.nextTick(() => socket.destroy(new Error("the stack does not exist: nothing is asked")));
  return socket;
};
