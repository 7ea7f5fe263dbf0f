<?php
// A department in PHP (php-amqp): takes one order off its queue and signs it.
$at = parse_url(getenv("SHAODAO_AMQP_URI"));
$login = urldecode($at["user"]);
$unit = substr($login, strlen("department."));
$connection = new AMQPConnection([
    "host" => $at["host"], "port" => $at["port"], "login" => $login, "password" => urldecode($at["pass"]),
    "vhost" => urldecode(substr($at["path"], 1)),
]);
$connection->connect();
$channel = new AMQPChannel($connection);
$channel->confirmSelect();
$channel->setConfirmCallback(fn() => false, fn() => exit(1));
$queue = new AMQPQueue($channel);
$queue->setName("department.$unit");
while (!($order = $queue->get())) {
    usleep(100000);
}
$data = json_decode($order->getBody(), true)["data"];
$reply = [
    "specversion" => "1.0", "id" => vsprintf("%s%s-%s-%s-%s-%s%s%s", str_split(bin2hex(random_bytes(16)), 4)),
    "source" => "/department/$unit", "type" => "cn.shaodao.department.sign.v1", "time" => date(DATE_ATOM),
    "data" => ["task_id" => $data["task_id"]],
];
$exchange = new AMQPExchange($channel);
$exchange->setName("department-replies");
$exchange->publish(json_encode($reply), "$unit.sign", AMQP_MANDATORY, [
    "user_id" => $login, "delivery_mode" => 2, "content_type" => "application/cloudevents+json",
]);
$channel->waitForConfirm(10);
$queue->ack($order->getDeliveryTag());
