#include "commands/adoption/adopted_customer.hpp"

#include <algorithm>

#include "commands/customers/customer.hpp"
#include "commands/json.hpp"
#include "core/email_address.hpp"
#include "core/phone_number.hpp"
#include "core/tax_id.hpp"

namespace vitrine::commands {
namespace {

using events::PersonText;

std::optional<events::Address> address_of(const JsonText& text) {
    if (text.empty()) return std::nullopt;
    const auto json = Json::parse(text.text);
    const auto part = [&json](const char* name) -> std::optional<PersonText> {
        const auto found = json.find(name);
        if (found == json.end()) return std::nullopt;
        if (found->is_number()) return PersonText(found->dump());
        return found->is_string() ? std::optional<PersonText>(found->get<std::string>())
                                  : std::nullopt;
    };
    events::Address address{
        part("street"),
        part("number"),
        part("complement"),
        part("neighborhood"),
        part("city"),
        part("state"),
        part("zip_code"),
        part("country")
    };
    if (!address.zip_code) address.zip_code = part("postal_code");
    return address == events::Address() ? std::nullopt : std::optional(std::move(address));
}

}  // namespace

std::expected<events::CustomerRegistered, Phrase> adopted_customer(
    const clubify::ListedCustomer& customer, const events::CustomerId& id
) {
    auto email = email_address(customer.email);
    if (!email && !customer.email.empty())
        return std::unexpected(Phrase(
            "what the platform has is no e-mail address that mail can be sent to",
            "o que a plataforma tem não é um endereço de e-mail a que se possa enviar"
        ));
    events::CustomerRegistered registered;
    registered.customer_id = id;
    registered.clubify_customer_id = customer.id;
    registered.source = "clubify";
    if (email) {
        registered.email = PersonText(*std::move(email));
    } else {
        registered.reference = PersonText(customer.id.str());
    }
    registered.name = PersonText(customer.name);
    if (auto phone = phone_number(customer.phone)) registered.phone = PersonText(*std::move(phone));
    if (auto document = tax_id(customer.document)) {
        registered.document_type = name_of(document->kind);
        registered.document = PersonText(std::move(document->number));
    }
    registered.address = address_of(customer.address);
    registered.tags = customer.tags;
    std::erase_if(registered.tags, [](const std::string& tag) { return !is_tag(tag); });
    std::ranges::sort(registered.tags);
    const auto repeated = std::ranges::unique(registered.tags);
    registered.tags.erase(repeated.begin(), repeated.end());
    if (!customer.metadata.empty()) registered.metadata = PersonText(customer.metadata.text);
    return registered;
}

}  // namespace vitrine::commands
