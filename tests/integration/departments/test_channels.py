"""A channel the broker closed under a consumer is not the end of its hearing, in any of the three kits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.departments.test_consumers import KIT, node, ruby
from tests.integration.departments.whistling import lamp_pole, reaches

pytestmark = [pytest.mark.integration, pytest.mark.rule("52")]
# the first whistle's handler does what the broker forbids: it closes the channel that did it
PYTHON = """
from kombu import Exchange
from shaodao_kit import Department
department, tried = Department.from_environment(), []
@department.on_whistle
def handle(task, reply):
    if not tried:
        tried.append(task)
        department._replier._producer().publish("x", exchange=Exchange("department-replies", "topic", no_declare=True),
                                                routing_key="another.sign")
    reply.sign()
department.run()
"""
NODE = """
import { Department } from './department.js';
let tried = false;
const department = new Department(process.env.SHAODAO_AMQP_URI, {
  async onWhistle(task, reply) {
    if (!tried) { tried = true; department.channel.publish('department-replies', 'another.sign', Buffer.from('x')); }
    await reply.sign();
  },
});
process.on('SIGTERM', () => department.stop());
await department.run();
"""
RUBY = """
require_relative 'department'
department = Department.new(ENV.fetch('SHAODAO_AMQP_URI'))
tried = false
department.on_whistle do |_, reply|
  unless tried
    tried = true
    department.instance_variable_get(:@channel).basic_publish('x', 'department-replies', 'another.sign')
  end
  reply.sign
end
trap('TERM') { Thread.new { department.stop } }
department.run
"""


def python_program(folder: Path) -> tuple[list[str], dict[str, str]]:
    (folder / "bold.py").write_text(PYTHON)
    return [sys.executable, "bold.py"], {"PYTHONPATH": str(KIT / "python")}


def node_program(folder: Path) -> tuple[list[str], dict[str, str]]:
    node(folder)
    (folder / "node" / "bold.js").write_text(NODE)
    return ["node", str(folder / "node" / "bold.js")], {}


def ruby_program(folder: Path) -> tuple[list[str], dict[str, str]]:
    ruby(folder)
    shutil.copy(KIT / "ruby" / "department.rb", folder)
    (folder / "bold.rb").write_text(RUBY)
    return ["ruby", "bold.rb"], {}


@pytest.mark.parametrize("program", [python_program, node_program, ruby_program], ids=lambda each: each.__name__)
def test_given_a_channel_the_broker_closed_when_more_whistles_come_then_they_are_heard(story, power, tmp_path, program):
    command, more = program(tmp_path)
    environment = {**os.environ, **more, "SHAODAO_AMQP_URI": power.uri}
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
    try:
        assert ["SIGNED", "SIGNED"] == [reaches(story, lamp_pole(story), "SIGNED")["state"] for _ in range(2)]
    finally:
        process.terminate()
        process.wait(30)
        print((tmp_path / "log").read_text(encoding="utf8")[-4000:])
