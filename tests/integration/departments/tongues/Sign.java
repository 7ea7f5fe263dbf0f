import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A department in Java (RabbitMQ's client): takes one order off its queue and signs it. */
public class Sign {
    public static void main(String[] arguments) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(System.getenv("SHAODAO_AMQP_URI"));
        String login = factory.getUsername();
        String unit = login.substring("department.".length());
        try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            GetResponse order;
            while ((order = channel.basicGet("department." + unit, false)) == null) {
                Thread.sleep(100);
            }
            Matcher task = Pattern.compile("\"task_id\": ?\"([^\"]+)\"")
                .matcher(new String(order.getBody(), StandardCharsets.UTF_8));
            task.find();
            String reply = "{\"specversion\":\"1.0\",\"id\":\"" + UUID.randomUUID() + "\",\"source\":\"/department/" + unit
                + "\",\"type\":\"cn.shaodao.department.sign.v1\",\"time\":\"" + Instant.now()
                + "\",\"data\":{\"task_id\":\"" + task.group(1) + "\"}}";
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().userId(login).deliveryMode(2).build();
            channel.basicPublish("department-replies", unit + ".sign", true, properties,
                reply.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10000);
            channel.basicAck(order.getEnvelope().getDeliveryTag(), false);
        }
    }
}
