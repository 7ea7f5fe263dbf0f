// A department in Go (streadway/amqp): takes one order off its queue and signs it.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/streadway/amqp"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	uri, err := amqp.ParseURI(os.Getenv("SHAODAO_AMQP_URI"))
	must(err)
	connection, err := amqp.Dial(os.Getenv("SHAODAO_AMQP_URI"))
	must(err)
	defer connection.Close()
	channel, err := connection.Channel()
	must(err)
	must(channel.Confirm(false))
	confirmed := channel.NotifyPublish(make(chan amqp.Confirmation, 1))
	order, found, err := channel.Get(uri.Username, false)
	for ; err == nil && !found; order, found, err = channel.Get(uri.Username, false) {
		time.Sleep(100 * time.Millisecond)
	}
	must(err)
	var ordered struct {
		Data struct {
			TaskID string `json:"task_id"`
		} `json:"data"`
	}
	must(json.Unmarshal(order.Body, &ordered))
	id := make([]byte, 16)
	_, err = rand.Read(id)
	must(err)
	unit := strings.TrimPrefix(uri.Username, "department.")
	body, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]),
		"source": "/department/" + unit, "type": "cn.shaodao.department.sign.v1", "time": time.Now(),
		"data": map[string]string{"task_id": ordered.Data.TaskID},
	})
	must(err)
	must(channel.Publish("department-replies", unit+".sign", true, false, amqp.Publishing{
		UserId: uri.Username, DeliveryMode: amqp.Persistent, ContentType: "application/cloudevents+json", Body: body,
	}))
	if !(<-confirmed).Ack {
		log.Fatal("the broker refused the reply")
	}
	must(order.Ack(false))
}
