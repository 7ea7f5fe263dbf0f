# frozen_string_literal: true

# A department's side of Shaodao in Ruby with bunny (Debian: ruby-bunny), written from departments.asyncapi.yaml.
# Promise: acked after the handler; replies confirmed; the same message twice is handled once; nothing thrown away.
require 'bunny'
require 'digest'
require 'fileutils'
require 'json'
require 'set'
require 'time'
require 'uri'

# One department's consumer.
class Department
  WHISTLE_TASK = 'cn.shaodao.departments.whistle_task.v1'
  TASK_CHANGED = 'cn.shaodao.departments.task_changed.v1'
  REFUSAL = 'cn.shaodao.departments.refusal.v1'
  VERBS = %w[sign object report_in progress finish].freeze
  TRY_AGAIN = [1, 5, 30].freeze
  SENT_ALONG_BYTES = 150_000

  # The broker does not know this login and password.
  class LoginRefused < StandardError; end

  def initialize(uri, failed: 'failed')
    @uri = uri
    @login = URI.decode_www_form_component(URI.parse(uri).user)
    @unit = @login.delete_prefix('department.')
    @failed = failed
    @seen = Set.new
    @stop = Queue.new
    @working = Mutex.new
    @on_refusal = ->(refusal) { warn "退回 #{refusal['code']} #{refusal['detail']}" }
    @on_change = ->(change) { warn "变更 #{change['task_id']} #{change['change']}" }
  end

  def on_whistle(&handler) = @on_whistle = handler
  def on_change(&handler) = @on_change = handler
  def on_refusal(&handler) = @on_refusal = handler

  # Until stop. bunny reconnects by itself and brings the consumer back with it. Raises LoginRefused.
  def run
    connection = connect
    @channel = connection.create_channel
    @channel.confirm_select
    @channel.prefetch(1)
    queue = Bunny::Queue.new(@channel, "department.#{@unit}", no_declare: true, durable: true)
    queue.subscribe(manual_ack: true, block: false) { |delivery, _, body| @working.synchronize { take(delivery, body) } }
    @stop.pop
    @working.lock # the message at hand is finished and acked first
  ensure
    connection&.close
  end

  def stop = @stop.push(true)

  # A file as evidence of finish. A reply holds 256 KiB: what is larger is named by its fingerprint alone, and is uploaded
  # before.
  def self.evidence(content, kind: 'PHOTO', stage: 'AFTER')
    named = { sha256: Digest::SHA256.hexdigest(content), kind: kind, stage: stage }
    content.bytesize > SENT_ALONG_BYTES ? named : { **named, content: [content].pack('m0') }
  end

  # Returns when the broker has the reply on disk.
  def send_reply(verb, data, id)
    envelope = {
      specversion: '1.0', id: id, source: "/department/#{@unit}", type: "cn.shaodao.department.#{verb}.v1",
      time: Time.now.utc.iso8601(3), datacontenttype: 'application/json', data: data
    }
    @channel.basic_publish(
      JSON.generate(envelope), 'department-replies', "#{@unit}.#{verb}",
      persistent: true, content_type: 'application/cloudevents+json', content_encoding: 'utf-8',
      message_id: id, user_id: @login
    )
    raise "the broker did not take #{verb}" unless @channel.wait_for_confirms
  end

  private

  def connect
    connection = Bunny.new(@uri, heartbeat: 30, recover_from_connection_close: true, network_recovery_interval: 2)
    connection.start
    connection
  rescue Bunny::AuthenticationFailureError
    raise LoginRefused, "the broker refuses the login #{@login} with this password: " \
                        'compare the welcome sheet 接入单, or ask for a new one'
  end

  def take(delivery, body)
    message = JSON.parse(body)
    raise JSON::ParserError, 'not an envelope' unless message.is_a?(Hash) && message['specversion'] == '1.0'

    act(message) unless @seen.include?(message['id'])
    @seen << message['id']
    @channel.ack(delivery.delivery_tag)
  rescue JSON::ParserError => e
    put_aside(Digest::SHA256.hexdigest(body), body, e)
    @channel.ack(delivery.delivery_tag)
  end

  # A handler that keeps failing must not stand before an emergency: after the last attempt the message is put aside.
  def act(message)
    attempts = TRY_AGAIN.dup
    begin
      case message['type']
      when WHISTLE_TASK then @on_whistle.call(message['data'], Replies.new(self, message))
      when TASK_CHANGED then @on_change.call(message['data'])
      when REFUSAL then @on_refusal.call(message['data'])
      end
    rescue StandardError => e
      return put_aside(message['id'], JSON.generate(message), e) if attempts.empty?

      sleep attempts.shift
      retry
    end
  end

  def readable(text) = text.dup.force_encoding('UTF-8').scrub

  def put_aside(name, body, error)
    FileUtils.mkdir_p(@failed)
    File.write("#{@failed}/#{name.gsub(/[^A-Za-z0-9_-]/, '_')}.json", JSON.generate(error: readable(error.message), body: readable(body)))
    warn "put aside: #{name}: #{readable(error.message)}"
  end

  # The five replies to one message; ids follow from it and from what is said, so that a handler run again repeats none.
  class Replies
    def initialize(department, message)
      @department = department
      @message = message
      @said = Hash.new(0)
    end

    VERBS.each do |verb|
      define_method(verb) do |**fields|
        data = { task_id: @message['data']['task_id'], **fields }
        hex = Digest::SHA256.hexdigest("#{@message['id']}/#{verb}/#{@said[verb] += 1}/#{JSON.generate(data)}")
        id = "#{hex[0, 8]}-#{hex[8, 4]}-5#{hex[13, 3]}-8#{hex[17, 3]}-#{hex[20, 12]}"
        @department.send_reply(verb, data, id)
      end
    end
  end
end
