#include "commands/customers/customer.hpp"

#include <algorithm>

#include "commands/customers/told.hpp"
#include "core/overloaded.hpp"

namespace vitrine::commands {
namespace {

using events::CustomerChanged;
using events::CustomerRegistered;
using events::PersonText;

std::unexpected<Rejection> illegal(Phrase detail) {
    return std::unexpected(Rejection{"illegal-transition", std::move(detail), {}});
}

std::optional<Rejection> not_known(const CustomerState& state) {
    if (state.erased)
        return Rejection{
            "illegal-transition", {"The customer has been erased.", "O cliente foi apagado."}, {}
        };
    if (state.merged_into)
        return Rejection{
            "illegal-transition",
            phrase(
                "The customer is known by another id: {}.",
                "O cliente é conhecido por outro id: {}.",
                state.merged_into->str()
            ),
            {}
        };
    return std::nullopt;
}

/// Whether what is told changes what there is.
template <class T, class U>
bool differs(const Edited<T>& told, const std::optional<U>& present) {
    if (!told.given()) return false;
    if (!told.value()) return present.has_value();
    return !present || !(*present == U(*told.value()));
}
template <class T, class U>
bool differs(const std::optional<T>& told, const std::optional<U>& present) {
    return told && (!present || !(*present == U(*told)));
}

Edited<PersonText> edit_of(const Edited<std::string>& told) {
    return told.value() ? Edited<PersonText>(PersonText(*told.value()))
                        : Edited<PersonText>::cleared();
}

std::optional<std::string> number_of(const std::optional<TaxId>& id) {
    return id ? std::optional(id->number) : std::nullopt;
}

/// nullopt: nothing is changed.
std::optional<CustomerChanged> change_of(const Normalised& told, const CustomerState& state) {
    CustomerChanged changed;
    changed.customer_id = state.id;
    if (differs(told.email, state.email)) changed.email = PersonText(*told.email);
    if (differs(told.name, state.name)) changed.name = PersonText(*told.name);
    if (differs(told.phone, state.phone)) changed.phone = edit_of(told.phone);
    if (told.document.given() &&
        number_of(told.document.value()) !=
            (state.document ? std::optional(state.document->text()) : std::nullopt)) {
        const auto& id = told.document.value();
        changed.document =
            id ? Edited<PersonText>(PersonText(id->number)) : Edited<PersonText>::cleared();
        changed.document_type = id ? Edited<std::string>(std::string(name_of(id->kind)))
                                   : Edited<std::string>::cleared();
    }
    if (differs(told.address, state.address)) changed.address = told.address;
    if (told.tags && *told.tags != state.tags) changed.tags = told.tags;
    if (differs(told.locale, state.locale)) changed.locale = told.locale;
    if (differs(told.metadata, state.metadata)) changed.metadata = edit_of(told.metadata);
    CustomerChanged nothing;
    nothing.customer_id = state.id;
    return changed == nothing ? std::nullopt : std::optional(std::move(changed));
}

CustomerRegistered registration_of(const Normalised& told, const CustomerState& state) {
    CustomerRegistered registered;
    registered.customer_id = state.id;
    registered.source = "vitrine";
    registered.email = PersonText(told.email.value_or(""));
    registered.name = PersonText(told.name.value_or(""));
    if (const auto& phone = told.phone.value()) registered.phone = PersonText(*phone);
    if (const auto& document = told.document.value()) {
        registered.document = PersonText(document->number);
        registered.document_type = name_of(document->kind);
    }
    registered.address = told.address.value();
    registered.tags = told.tags.value_or(std::vector<std::string>());
    registered.locale = told.locale.value();
    if (const auto& metadata = told.metadata.value()) registered.metadata = PersonText(*metadata);
    return registered;
}

bool has_tag(const CustomerState& state, const std::string& tag) {
    return std::ranges::find(state.tags, tag) != state.tags.end();
}

std::optional<Rejection> no_tag(const std::string& tag) {
    if (is_tag(tag)) return std::nullopt;
    return invalid(
        {{"/tag",
          "pattern",
          {"must be 1 to 50 letters, digits, hyphens and underscores",
           "deve ter de 1 a 50 letras, algarismos, hifens e sublinhados"}}}
    );
}

}  // namespace

bool is_tag(std::string_view text) {
    constexpr std::size_t longest = 50;
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

CustomerDecision decide(const PutCustomer& command, const CustomerState& state) {
    std::vector<Fault> faults;
    const auto told = normalised(command, faults);
    if (state.version == 0 && !told.name)
        faults.push_back(
            {"/name",
             "required_of_new",
             {"is required of a person who is not known yet",
              "é obrigatório para quem ainda não é conhecido"}}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (state.version == 0) return CustomerEvents{registration_of(told, state)};
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    auto changed = change_of(told, state);
    if (!changed) return CustomerEvents();
    return CustomerEvents{*std::move(changed)};
}

CustomerDecision decide(const EditCustomer& command, const CustomerState& state) {
    std::vector<Fault> faults;
    const auto told = normalised(command, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    auto changed = change_of(told, state);
    if (!changed) return CustomerEvents();
    return CustomerEvents{*std::move(changed)};
}

CustomerDecision decide(const TagCustomer& command, const CustomerState& state) {
    if (auto rejection = no_tag(command.tag)) return std::unexpected(*std::move(rejection));
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    if (has_tag(state, command.tag)) return CustomerEvents();
    return CustomerEvents{events::CustomerTagged{state.id, command.tag}};
}

CustomerDecision decide(const UntagCustomer& command, const CustomerState& state) {
    if (auto rejection = no_tag(command.tag)) return std::unexpected(*std::move(rejection));
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    if (!has_tag(state, command.tag)) return CustomerEvents();
    return CustomerEvents{events::CustomerUntagged{state.id, command.tag}};
}

CustomerDecision decide(const RecordConsent& command, const CustomerState& state) {
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    const auto found = state.consents.find({command.purpose, command.channel});
    const bool is_so = found != state.consents.end() && found->second.granted == command.granted &&
                       found->second.text_version == command.text_version;
    if (is_so) return CustomerEvents();
    if (command.granted)
        return CustomerEvents{
            events::ConsentGiven{state.id, command.purpose, command.text_version, command.channel}
        };
    return CustomerEvents{
        events::ConsentWithdrawn{state.id, command.purpose, command.text_version, command.channel}
    };
}

CustomerDecision decide(
    const MergeCustomer& command, const CustomerState& state, const CustomerState& into
) {
    const auto fault = [](std::string code, Phrase detail) {
        return std::unexpected(invalid({{"/into", std::move(code), std::move(detail)}}));
    };
    if (command.into == state.id.str())
        return fault("same", {"is the same customer", "é o mesmo cliente"});
    if (into.version == 0)
        return fault("unknown_customer", {"there is no such customer", "este cliente não existe"});
    if (state.merged_into == into.id) return CustomerEvents();
    if (auto rejection = not_known(state)) return std::unexpected(*std::move(rejection));
    if (!into.is_known())
        return illegal(
            {"The customer that they are to be merged into has been erased or merged.",
             "O cliente em que seriam unificados foi apagado ou unificado."}
        );
    return CustomerEvents{events::CustomersMerged{state.id, into.id}};
}

CustomerDecision decide(const EraseCustomer& command, const CustomerState& state) {
    if (state.erased) return CustomerEvents();
    events::CustomerErased erased;
    erased.customer_id = state.id;
    erased.reason = PersonText(command.reason);
    return CustomerEvents{std::move(erased)};
}

CustomerState evolve(CustomerState state, const events::CustomerEvent& event) {
    std::visit(
        overloaded{
            [&](const CustomerRegistered& e) {
                state.id = e.customer_id;
                state.clubify_id = e.clubify_customer_id;
                state.email = e.email;
                state.name = e.name;
                state.phone = e.phone;
                state.document = e.document;
                state.document_type = e.document_type;
                state.address = e.address;
                state.tags = e.tags;
                state.locale = e.locale;
                state.metadata = e.metadata;
            },
            [&](const CustomerChanged& e) {
                if (e.clubify_customer_id) state.clubify_id = e.clubify_customer_id;
                if (e.email) state.email = e.email;
                if (e.name) state.name = e.name;
                state.phone = e.phone.after(std::move(state.phone));
                state.document = e.document.after(std::move(state.document));
                state.document_type = e.document_type.after(std::move(state.document_type));
                state.address = e.address.after(std::move(state.address));
                if (e.tags) state.tags = *e.tags;
                state.locale = e.locale.after(std::move(state.locale));
                state.metadata = e.metadata.after(std::move(state.metadata));
            },
            [&](const events::CustomerTagged& e) {
                if (has_tag(state, e.tag)) return;
                state.tags.insert(std::ranges::lower_bound(state.tags, e.tag), e.tag);
            },
            [&](const events::CustomerUntagged& e) { std::erase(state.tags, e.tag); },
            [&](const events::ConsentGiven& e) {
                state.consents[{e.purpose, e.channel}] = {true, e.text_version};
            },
            [&](const events::ConsentWithdrawn& e) {
                state.consents[{e.purpose, e.channel}] = {false, e.text_version};
            },
            [&](const events::CustomersMerged& e) { state.merged_into = e.into; },
            [&](const events::CustomerErased&) { state.erased = true; },
        },
        event
    );
    ++state.version;
    return state;
}

}  // namespace vitrine::commands
