// One press by the mqtt library of Node: node press.js OPTIONS TOPIC. Says what became of it.
"use strict";
const fs = require("fs");
const mqtt = require("mqtt");
const options = JSON.parse(process.argv[2]);
const line = mqtt.connect({ ...options, ca: fs.readFileSync(options.ca), reconnectPeriod: 0, connectTimeout: 10000 });

let over = false;

function end(word) {
  if (over) return;
  over = true;
  console.log(word);
  line.end(true, () => process.exit(0));
}

line.on("error", () => end("refused"));
line.on("close", () => end("closed"));
line.on("connect", () => {
  line.publish(process.argv[3], JSON.stringify({ signal: "PRESS", id: "node" }), { qos: 1 }, (error) => {
    if (!error) end("acknowledged");
  });
});
