// node example.js: signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill.
import { Department } from './department.js';

const department = new Department(process.env.SHAODAO_AMQP_URI, {
  async onWhistle(task, reply) {
    console.log(`哨令 ${task.whistle_number}：${task.reason}（${task.report_due} 前报到）`);
    await reply.sign();
    if (!process.env.SHAODAO_DRILL) return; // your people go there; their program calls reportIn and finish
    await reply.reportIn({ mode: 'PLACE' });
    await reply.finish({ result_text: '演练完成', evidence: [{ sha256: 'ab'.repeat(32), kind: 'PHOTO', stage: 'AFTER' }] });
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => department.stop());
await department.run();
