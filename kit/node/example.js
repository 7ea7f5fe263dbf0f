// node example.js: signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill.
import { Department, evidence } from './department.js';

const uri = process.env.SHAODAO_AMQP_URI;
if (!uri) {
  console.error('SHAODAO_AMQP_URI is not set: it stands on the welcome sheet 接入单');
  process.exit(1);
}
const DRILL_PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
const beijing = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});

// A limit of days ends at 24:00 of its last day, which is 00:00 of the next.
function told(due) {
  const text = beijing.format(due);
  return text.endsWith('00:00') ? beijing.format(new Date(due.getTime() - 1)).replace('23:59', '24:00') : text;
}

const department = new Department(uri, {
  async onWhistle(task, reply) {
    console.log(`哨令 ${task.whistle_number}：${task.reason}（北京时间 ${told(new Date(task.report_due))} 前报到）`);
    await reply.sign();
    if (!process.env.SHAODAO_DRILL) return; // your people go there; their program calls reportIn and finish
    await reply.reportIn({ mode: 'PLACE' });
    if (task.parts?.length) await reply.tickParts({ parts: task.parts.map((_, at) => at + 1), photos: [evidence(DRILL_PHOTO)] });
    await reply.finish({ result_text: '演练完成', evidence: [evidence(DRILL_PHOTO)] }); // of a real file: evidence(await readFile('photo.jpg'))
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => department.stop());
try {
  await department.run();
} catch (error) { // the very first login was refused; everything else is waited for
  console.error(error.message);
  process.exitCode = 1;
}
