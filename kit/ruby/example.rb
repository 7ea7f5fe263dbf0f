# frozen_string_literal: true

# ruby example.rb: signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill.
require_relative 'department'

$stdout.sync = true
department = Department.new(ENV.fetch('SHAODAO_AMQP_URI'))

department.on_whistle do |task, reply|
  puts "哨令 #{task['whistle_number']}：#{task['reason']}（#{task['report_due']} 前报到）"
  reply.sign
  next unless ENV['SHAODAO_DRILL'] # your people go there; their program calls report_in and finish

  reply.report_in(mode: 'PLACE')
  reply.finish(result_text: '演练完成', evidence: [{ sha256: 'ab' * 32, kind: 'PHOTO', stage: 'AFTER' }])
end

%w[INT TERM].each { |signal| trap(signal) { Thread.new { department.stop } } }
department.run
