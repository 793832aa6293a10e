#include "commands/customers/customer.hpp"

#include <rapidcheck.h>

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using events::CustomerId;
using events::PersonText;

namespace {

const std::string id = "0190b4e0-0000-7000-8000-0000000000c1";
const std::string other = "0190b4e0-0000-7000-8000-0000000000c2";

spec::Given<CustomerState> given(const CustomerEvents& history) {
    return spec::given<CustomerState>(history);
}

spec::Given<CustomerState> given_nothing() {
    CustomerState state;
    state.id = CustomerId(id);
    return spec::Given<CustomerState>(state);
}

PutCustomer ana() {
    PutCustomer command;
    command.email = "Ana@Example.COM";
    command.name = " Ana Lima ";
    command.phone = std::string("(11) 98765-4321");
    command.document = std::string("529.982.247-25");
    command.tags = {"vip", "atacado", "vip"};
    command.locale = std::string("pt-BR");
    return command;
}

events::CustomerRegistered registered() {
    events::CustomerRegistered event;
    event.customer_id = CustomerId(id);
    event.source = "vitrine";
    event.email = PersonText("ana@example.com");
    event.name = PersonText("Ana Lima");
    event.phone = PersonText("+5511987654321");
    event.document = PersonText("52998224725");
    event.document_type = "cpf";
    event.tags = {"atacado", "vip"};
    event.locale = "pt_BR";
    return event;
}

events::CustomerChanged changed() {
    events::CustomerChanged event;
    event.customer_id = CustomerId(id);
    return event;
}

const events::CustomerErased erased{CustomerId(id), PersonText("r"), {}};

CustomerState state_of(const std::string& customer, const CustomerEvents& history) {
    CustomerState state;
    state.id = CustomerId(customer);
    for (const auto& event : history) state = evolve(std::move(state), event);
    return state;
}

}  // namespace

TEST_CASE("a person who is not known is registered, each thing in its one spelling", "[customer]") {
    given_nothing().when(ana()).then({registered()});
}

TEST_CASE("everything wrong with a new person is told at once", "[customer]") {
    PutCustomer command;
    command.email = "ana";
    command.phone = std::string("(11) 8765-4321");
    command.document = std::string("529.982.247-26");
    command.locale = std::string("xx_YY");
    const auto outcome = given_nothing().when(command);
    outcome.then_fault("/email", "email");
    outcome.then_fault("/name", "required_of_new");
    outcome.then_fault("/phone", "phone_ninth_digit");
    outcome.then_fault("/document", "check_digits");
    outcome.then_fault("/locale", "unknown_locale");
}

TEST_CASE("who is known is changed by what is given, and needs no name", "[customer]") {
    PutCustomer command;
    command.email = "ana@example.com";
    given({registered()}).when(command).then_nothing();
    given({registered()}).when(ana()).then_nothing();
    command.phone = std::string("(21) 2345-6789");
    command.tags = {"novo"};
    auto event = changed();
    event.phone = PersonText("+552123456789");
    event.tags = std::vector<std::string>{"novo"};
    given({registered()}).when(command).then({event});
    given({registered(), event}).when(command).then_nothing();
}

TEST_CASE("an edit takes away what it says is null", "[customer]") {
    EditCustomer command;
    command.phone = Edited<std::string>::cleared();
    command.document = Edited<std::string>::cleared();
    command.address = Edited<events::Address>::cleared();  // there is none
    auto event = changed();
    event.phone = Edited<PersonText>::cleared();
    event.document = Edited<PersonText>::cleared();
    event.document_type = Edited<std::string>::cleared();
    given({registered()}).when(command).then({event});
    given({registered(), event}).when(command).then_nothing();
}

TEST_CASE("tags are a set", "[customer]") {
    const events::CustomerTagged tagged{CustomerId(id), "b2b"};
    const events::CustomerUntagged untagged{CustomerId(id), "vip"};
    given({registered()}).when(TagCustomer{"b2b"}).then({tagged});
    given({registered(), tagged}).when(TagCustomer{"b2b"}).then_nothing();
    given({registered()}).when(UntagCustomer{"vip"}).then({untagged});
    given({registered(), untagged}).when(UntagCustomer{"vip"}).then_nothing();
    given({registered()}).when(TagCustomer{"não"}).then_fault("/tag", "pattern");
    given({registered()}).when(UntagCustomer{""}).then_fault("/tag", "pattern");
}

TEST_CASE("a consent is to a purpose on a channel, by a text", "[customer]") {
    const RecordConsent granted{"newsletter", true, "v1", "mail"};
    const events::ConsentGiven given_one{CustomerId(id), "newsletter", "v1", "mail"};
    const events::ConsentWithdrawn withdrawn{CustomerId(id), "newsletter", "v1", "mail"};
    given({registered()}).when(granted).then({given_one});
    given({registered(), given_one}).when(granted).then_nothing();
    const RecordConsent newer{"newsletter", true, "v2", "mail"};
    given({registered(), given_one})
        .when(newer)
        .then({events::ConsentGiven{CustomerId(id), "newsletter", "v2", "mail"}});
    const RecordConsent no_more{"newsletter", false, "v1", "mail"};
    given({registered(), given_one}).when(no_more).then({withdrawn});
    given({registered(), given_one, withdrawn}).when(no_more).then_nothing();
    // On another channel nothing was said.
    given({registered(), given_one})
        .when(RecordConsent{"newsletter", false, "v1", "sms"})
        .then({events::ConsentWithdrawn{CustomerId(id), "newsletter", "v1", "sms"}});
}

TEST_CASE("two customers who are one person become one, and the other points there", "[customer]") {
    const events::CustomersMerged merged{CustomerId(id), CustomerId(other)};
    auto theirs = registered();
    theirs.customer_id = CustomerId(other);
    const auto into = state_of(other, {theirs});
    given({registered()}).when(MergeCustomer{other}, into).then({merged});
    given({registered(), merged}).when(MergeCustomer{other}, into).then_nothing();
    given({registered(), merged}).when(ana()).then_rejected("illegal-transition");
    given({registered()}).when(MergeCustomer{id}, into).then_fault("/into", "same");
    given({registered()})
        .when(MergeCustomer{other}, CustomerState())
        .then_fault("/into", "unknown_customer");
    const events::CustomerErased gone{CustomerId(other), PersonText("r"), {}};
    given({registered()})
        .when(MergeCustomer{other}, state_of(other, {theirs, gone}))
        .then_rejected("illegal-transition");
}

TEST_CASE("who is erased stays so", "[customer]") {
    given({registered()}).when(EraseCustomer{"r"}).then({erased});
    given({registered(), erased}).when(EraseCustomer{"r"}).then_nothing();
    given({registered(), erased}).when(ana()).then_rejected("illegal-transition");
    given({registered(), erased}).when(TagCustomer{"a"}).then_rejected("illegal-transition");
    given({registered(), erased})
        .when(RecordConsent{"a", true, "1", "b"})
        .then_rejected("illegal-transition");
}

TEST_CASE("whatever is asked twice of a customer is done once", "[customer]") {
    rc::check([] {
        auto state = state_of(id, {registered()});
        const auto asked = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::inRange(0, 4))
        );
        for (const auto& each : asked) {
            const int kind = each.first, value = each.second;
            const auto text = std::string(1, static_cast<char>('a' + value));
            const auto decided = [&] {
                if (kind == 0) return decide(TagCustomer{text}, state);
                if (kind == 1) return decide(UntagCustomer{text}, state);
                if (kind == 2) return decide(RecordConsent{"p", value < 2, text, "c"}, state);
                EditCustomer edit;
                if (kind == 3) edit.name = "Ana " + text;
                if (kind == 4) {
                    if (value == 0) {
                        edit.phone = Edited<std::string>::cleared();
                    } else {
                        edit.phone = "(11) 9876" + std::to_string(value) + "-4321";
                    }
                }
                return decide(edit, state);
            };
            const auto first = decided();
            RC_ASSERT(first.has_value());
            RC_ASSERT(first->size() <= 1U);
            const auto before = state.version;
            for (const auto& event : *first) state = evolve(std::move(state), event);
            RC_ASSERT(state.version == before + first->size());
            RC_ASSERT(decided()->empty());
            RC_ASSERT(std::ranges::is_sorted(state.tags));
            RC_ASSERT(std::ranges::adjacent_find(state.tags) == state.tags.end());
        }
    });
}
