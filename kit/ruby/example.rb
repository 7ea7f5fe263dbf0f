# frozen_string_literal: true

# ruby example.rb: signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill.
require_relative 'department'

DRILL_PHOTO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='.unpack1('m')
$stdout.sync = true
department = Department.new(
  ENV.fetch('SHAODAO_AMQP_URI') { abort 'SHAODAO_AMQP_URI is not set: it stands on the welcome sheet 接入单' }
)

# A limit of days ends at 24:00 of its last day, which is 00:00 of the next.
def told(due)
  local = Time.parse(due).localtime('+08:00')
  local.strftime('%T') == '00:00:00' ? (local - 86_400).strftime('%m-%d 24:00') : local.strftime('%m-%d %H:%M')
end

department.on_whistle do |task, reply|
  puts "哨令 #{task['whistle_number']}：#{task['reason']}（北京时间 #{told(task['report_due'])} 前报到）"
  reply.sign
  next unless ENV['SHAODAO_DRILL'] # your people go there; their program calls report_in and finish

  reply.report_in(mode: 'PLACE')
  parts = (1..(task['parts'] || []).size).to_a
  reply.tick_parts(parts: parts, photos: [Department.evidence(DRILL_PHOTO)]) unless parts.empty?
  reply.finish(result_text: '演练完成', evidence: [Department.evidence(DRILL_PHOTO)]) # of a real file: File.binread('photo.jpg')
end

%w[INT TERM].each { |signal| trap(signal) { Thread.new { department.stop } } }
begin
  department.run
rescue Department::LoginRefused => e # the very first time; everything else is waited for
  abort e.message
end
