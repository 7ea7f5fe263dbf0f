# frozen_string_literal: true

# A department's side of Shaodao in Ruby with bunny (Debian: ruby-bunny), written from departments.asyncapi.yaml.
# Promise: acked after the handler; replies confirmed; the same message twice is handled once; nothing thrown away.
require 'bunny'
require 'digest'
require 'fileutils'
require 'json'
require 'net/http'
require 'set'
require 'time'
require 'uri'

# One department's consumer.
class Department
  WHISTLE_TASK = 'cn.shaodao.departments.whistle_task.v1'
  TASK_CHANGED = 'cn.shaodao.departments.task_changed.v1'
  REFUSAL = 'cn.shaodao.departments.refusal.v1'
  VERBS = %w[
    sign object report_in progress finish tick_parts call_further appeal_rating reply_supervision record_enforcement
  ].freeze
  TRY_AGAIN = [1, 5, 30].freeze
  SENT_ALONG_BYTES = 150_000

  LONGEST_PAUSE = 60
  # The broker does not know this login and password.
  class LoginRefused < StandardError; end
  # The channel a message came by is closed: the broker brings the message again.
  class ChannelGone < StandardError; end

  def initialize(uri, failed: 'failed')
    # of a broker of several nodes one address each, with ; between them: bunny asks the next
    @uris = uri.split(';').map(&:strip)
    @login = URI.decode_www_form_component(URI.parse(@uris.first).user)
    @unit = @login.delete_prefix('department.')
    @failed = failed
    @seen = Set.new
    @gone = Hash.new(0)
    @stopped = false
    @working = Mutex.new
    @on_refusal = ->(refusal) { warn "退回 #{refusal['code']} #{refusal['detail']}" }
    @on_change = ->(change) { warn "变更 #{change['task_id']} #{change['change']}" }
  end

  def on_whistle(&handler) = @on_whistle = handler
  def on_change(&handler) = @on_change = handler
  def on_refusal(&handler) = @on_refusal = handler

  # Until stop. bunny brings a lost connection back by itself, with the consumer; a channel the broker closed stays closed
  # there, and nothing says so: another is opened after 1, 2, 4 … 60 s. Raises LoginRefused.
  def run
    connection = connect
    pause = 1
    until @stopped
      pause = 1 if listened(connection) > LONGEST_PAUSE
      break if @stopped

      warn "not listening any more, again in #{pause} s"
      sleep pause
      pause = [pause * 2, LONGEST_PAUSE].min
    end
    @working.lock # the message at hand is finished and acked first
  ensure
    connection&.close
  end

  def stop = @stopped = true

  # A file as evidence of finish. A reply holds 256 KiB: what is larger is named by its fingerprint alone, and is uploaded
  # before (OrderFiles).
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
    raise "the broker did not take #{verb}" unless confirmed?(@channel)
  end

  private

  # bunny alone would wait 15 s for the confirmation of a channel that is closed.
  def confirmed?(channel)
    3_000.times do
      break if channel.unconfirmed_set.empty? || channel.closed?

      sleep 0.005
    end
    channel.wait_for_confirms
  end

  def connect
    nodes = @uris.size > 1 ? { addresses: @uris.map { |each| "#{URI.parse(each).host}:#{URI.parse(each).port}" } } : {}
    connection = Bunny.new(
      @uris.first, heartbeat: 30, recover_from_connection_close: true, network_recovery_interval: 2, **nodes
    )
    connection.start
    connection
  rescue Bunny::AuthenticationFailureError
    raise LoginRefused, "the broker refuses the login #{@login} with this password: " \
                        'compare the welcome sheet 接入单, or ask for a new one'
  end

  # Seconds for which there was a channel with a consumer.
  def listened(connection)
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    listen(connection)
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
  rescue Bunny::Exception, Timeout::Error => e
    warn "#{e.class}: #{e.message}"
    0
  end

  def listen(connection)
    cancelled = false
    @channel = channel = connection.create_channel
    channel.confirm_select
    channel.prefetch(1)
    queue = Bunny::Queue.new(channel, "department.#{@unit}", no_declare: true, durable: true)
    queue.subscribe(manual_ack: true, block: false, on_cancellation: ->(_) { cancelled = true }) do |delivery, _, body|
      @working.synchronize { take(channel, delivery, body) }
    end
    sleep 0.2 until @stopped || cancelled || channel.closed?
    warn 'the broker closed the channel' if channel.closed?
    warn 'the queue is gone' if cancelled
    channel.close if cancelled && channel.open?
  end

  def take(channel, delivery, body)
    message = JSON.parse(body)
    raise JSON::ParserError, 'not an envelope' unless message.is_a?(Hash) && message['specversion'] == '1.0'

    act(channel, message) unless @seen.include?(message['id'])
    @seen << message['id']
    settle(channel, delivery)
  rescue JSON::ParserError => e
    put_aside(Digest::SHA256.hexdigest(body), body, e)
    settle(channel, delivery)
  rescue ChannelGone => e
    warn "comes again: #{e.message}"
  end

  def settle(channel, delivery)
    channel.ack(delivery.delivery_tag)
  rescue Bunny::Exception => e
    warn "not acked, comes again: #{e.message}"
  end

  # A handler that keeps failing, or on which channels keep closing, must not stand before an emergency: after the last
  # attempt the message is put aside.
  def act(channel, message)
    attempts = TRY_AGAIN.dup
    begin
      case message['type']
      when WHISTLE_TASK then @on_whistle.call(message['data'], Replies.new(self, message))
      when TASK_CHANGED then @on_change.call(message['data'])
      when REFUSAL then @on_refusal.call(message['data'])
      end
    rescue StandardError => e
      raise ChannelGone, e.message if channel.closed? && (@gone[message['id']] += 1) <= TRY_AGAIN.size
      return put_aside(message['id'], JSON.generate(message), e) if attempts.empty? || channel.closed?

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

  # The replies to one message; ids follow from it and from what is said, so that a handler run again repeats none.
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

# Files of an order by the signed link of its letter: items, download(item), upload(content); what upload returns goes into
# finish and tick_parts. `portal` stands on the welcome sheet 接入单. A 404 says that the link is over.
class OrderFiles
  # The portal said no.
  class Refused < StandardError; end

  def initialize(portal, letter)
    @portal = URI(portal)
    @address = at(letter['files']['path'])
  end

  def items = JSON.parse(asked(Net::HTTP::Get.new(@address)))['items']
  def download(item) = asked(Net::HTTP::Get.new(at(item['href'])))

  def upload(content, kind: 'PHOTO', stage: 'AFTER')
    request = Net::HTTP::Post.new(@address)
    request.set_form([['file', content, { filename: 'file' }]], 'multipart/form-data')
    { sha256: JSON.parse(asked(request))['sha256'], kind: kind, stage: stage }
  end

  private

  def at(path)
    found = URI.join(@portal, path)
    raise ArgumentError, "not an address of #{@portal}: #{path}" unless found.hostname == @portal.hostname && found.port == @portal.port

    found
  end

  def asked(request)
    answer = Net::HTTP.start(@portal.hostname, @portal.port, use_ssl: @portal.scheme == 'https', read_timeout: 60) { |http| http.request(request) }
    raise Refused, "#{answer.code} #{answer.body.to_s[0, 300]}" unless answer.is_a?(Net::HTTPSuccess)

    answer.body
  end
end
