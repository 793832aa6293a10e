#include "events/webhooks.hpp"
#include "projections/webhooks/reader.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

void receive(
    Log& log,
    const std::string& id,
    std::string ignored,
    std::string unclear,
    std::string reason_pt = {}
) {
    events::ClubifyWebhookReceived received;
    received.delivery_id = id;
    received.event = "order.paid";
    received.raw = "{}";
    received.ignored = std::move(ignored);
    received.unclear = std::move(unclear);
    received.reason_pt = std::move(reason_pt);
    log.add_encoded(StreamName("webhook-" + id), events::encode(received));
}

}  // namespace

TEST_CASE("what became of a webhook is listed, the newest first") {
    Log log;
    receive(log, "a", "", "");
    receive(log, "b", "no event of ours comes of order.shipped", "");
    receive(log, "c", "it names no order", "it names no order");
    receive(log, "d", "", "it tells no amount", "não diz o valor");
    receive(log, "e", "the amount is not integer cents", "");  // of before there was a word for it
    log.as("other");
    receive(log, "x", "", "");
    log.as("acme");
    ModelFile model("webhooks");
    model.follow(log);
    projections::WebhooksReader reader(model.lease());
    const auto ids = [&](const std::string& outcome) {
        std::string all;
        for (const auto& webhook : reader.list(log.tenant(), {.outcome = outcome}).items)
            all += webhook.delivery_id;
        return all;
    };
    CHECK(ids("") == "edcba");
    CHECK(ids("accepted") == "a");
    CHECK(ids("ignored") == "b");
    CHECK(ids("unclear") == "edc");
    const auto page = reader.list(log.tenant(), {.outcome = "unclear", .limit = 2});
    REQUIRE(page.items.size() == 2);
    CHECK_FALSE(page.items[0].taken);
    CHECK(page.items[0].reason == Phrase::as_is("the amount is not integer cents"));
    CHECK(page.items[1].taken);
    CHECK(page.items[1].reason == Phrase("it tells no amount", "não diz o valor"));
    REQUIRE(page.next.has_value());
    const auto last =
        reader.list(log.tenant(), {.outcome = "unclear", .before = page.next, .limit = 2});
    CHECK(last.items.size() == 1);
    CHECK_FALSE(last.next.has_value());
}

}  // namespace vitrine::tests
