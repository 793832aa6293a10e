#include "commands/endpoints/endpoint.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const events::EndpointId id("0190b4e0-0000-7000-8000-0000000000e1");
constexpr auto internet = Receivers::of_the_internet;

CreateEndpoint stock() {
    CreateEndpoint command;
    command.url = "https://hooks.example.com/clubify?shop=1";
    command.types = {"OfferCreated", "OfferActivated"};
    return command;
}

events::EndpointCreated created() {
    events::EndpointCreated event;
    event.endpoint_id = id;
    event.url = "https://hooks.example.com/clubify?shop=1";
    event.types = {"OfferCreated", "OfferActivated"};
    return event;
}

spec::Given<EndpointState> given(const EndpointEvents& history) {
    return spec::given<EndpointState>(history);
}

spec::Given<EndpointState> given_nothing() {
    EndpointState state;
    state.facts.endpoint_id = id;
    return spec::Given<EndpointState>(state);
}

EditEndpoint enabled(bool value) {
    EditEndpoint command;
    command.enabled = value;
    return command;
}

}  // namespace

TEST_CASE("an endpoint is created as it is asked for", "[endpoint]") {
    given_nothing().when(stock(), internet).then({created()});
    auto command = stock();
    command.types = {"*"};
    command.description = "Estoque";
    command.legacy_headers = true;
    command.legacy_signature_header = "X-Webhook-Signature";
    command.people = true;
    auto expected = created();
    expected.types = {"*"};
    expected.description = "Estoque";
    expected.legacy_headers = true;
    expected.legacy_signature_header = "X-Webhook-Signature";
    expected.people = true;
    given_nothing().when(command, internet).then({expected});
}

TEST_CASE("an endpoint takes types of events that there are, each once, or * alone", "[endpoint]") {
    auto command = stock();
    command.types = {"OfferCreated", "OfferMelted"};
    given_nothing().when(command, internet).then_fault("/types/1", "unknown_type");
    command.types = {"OfferCreated", "OfferCreated"};
    given_nothing().when(command, internet).then_fault("/types/1", "duplicate");
    command.types = {"OfferCreated", "*"};
    given_nothing().when(command, internet).then_fault("/types/1", "not_alone");
    command.types = {"TenantRegistered"};
    given_nothing().when(command, internet).then_fault("/types/0", "unknown_type");
}

TEST_CASE(
    "an endpoint is at a host of the internet, unless the operator allows others", "[endpoint]"
) {
    auto command = stock();
    command.url = "http://127.0.0.1:9000/x";
    given_nothing().when(command, internet).then_fault("/url", "bad_url");
    auto expected = created();
    expected.url = command.url;
    given_nothing().when(command, Receivers::private_too).then({expected});
    EditEndpoint edit;
    edit.url = command.url;
    given({created()}).when(edit, internet).then_fault("/url", "bad_url");
}

TEST_CASE("an edit tells what it changes, and nothing of what is so already", "[endpoint]") {
    EditEndpoint same;
    same.url = created().url;
    same.types = created().types;
    same.legacy_headers = false;
    same.enabled = true;
    given({created()}).when(same, internet).then_nothing();

    EditEndpoint edit;
    edit.types = {"*"};
    edit.description = std::string("Tudo");
    events::EndpointChanged changed;
    changed.endpoint_id = id;
    changed.types = {"*"};
    changed.description = std::string("Tudo");
    given({created()}).when(edit, internet).then({changed});

    EditEndpoint without;
    without.description = Edited<std::string>::cleared();
    events::EndpointChanged cleared;
    cleared.endpoint_id = id;
    cleared.description = Edited<std::string>::cleared();
    given({created(), changed}).when(without, internet).then({cleared});
    given({created()}).when(without, internet).then_nothing();
}

TEST_CASE("an endpoint is disabled with a reason, and enabled again", "[endpoint]") {
    auto disable = enabled(false);
    disable.reason = "manutenção";
    const events::EndpointDisabled disabled{id, "manutenção"};
    given({created()}).when(disable, internet).then({disabled});
    given({created(), disabled}).when(disable, internet).then_nothing();
    given({created(), disabled}).when(enabled(true), internet).then({events::EndpointEnabled{id}});
}

TEST_CASE("a secret is known by a number that grows, and stands in no event", "[endpoint]") {
    const events::EndpointSecretRotated second{id, 2};
    given({created()}).when(RotateEndpointSecret()).then({second});
    given({created(), second})
        .when(RotateEndpointSecret())
        .then({events::EndpointSecretRotated{id, 3}});
}

TEST_CASE("a replay is asked for of a range of positions", "[endpoint]") {
    given({created()}).when(ReplayToEndpoint{5, 7}).then({events::EndpointReplayAsked{id, 5, 7}});
    given({created()}).when(ReplayToEndpoint{5, {}}).then({events::EndpointReplayAsked{id, 5, {}}});
    given({created()}).when(ReplayToEndpoint{5, 4}).then_fault("/to", "before_from");
}

TEST_CASE("an endpoint that is deleted is there no more", "[endpoint]") {
    const events::EndpointDeleted deleted{id};
    given({created()}).when(DeleteEndpoint()).then({deleted});
    const auto gone = given({created(), deleted});
    gone.when(DeleteEndpoint()).then_rejected("not-found");
    gone.when(RotateEndpointSecret()).then_rejected("not-found");
    gone.when(ReplayToEndpoint{1, {}}).then_rejected("not-found");
    gone.when(enabled(true), internet).then_rejected("not-found");
}
