#include "commands/customers/told.hpp"

#include <algorithm>

#include "core/email_address.hpp"
#include "core/locale_name.hpp"
#include "core/phone_number.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

Phrase words_of(NoPhoneNumber why) {
    switch (why) {
        case NoPhoneNumber::form:
            return {
                "has what stands in no phone number", "tem o que não há em um número de telefone"
            };
        case NoPhoneNumber::country:
            return {"no country has this code", "nenhum país tem este código"};
        case NoPhoneNumber::length:
            return {
                "numbers of that country have another length; one of another country than Brazil "
                "begins with + and its code",
                "os números desse país têm outro tamanho; um de outro país que não o Brasil começa "
                "com + e o código dele"
            };
        case NoPhoneNumber::area:
            return {"Brazil has no such area code", "o Brasil não tem este DDD"};
        case NoPhoneNumber::ninth_digit:
            return {
                "mobile numbers of Brazil have nine digits: a 9 is lacking behind the area code",
                "celulares do Brasil têm nove dígitos: falta um 9 depois do DDD"
            };
        case NoPhoneNumber::subscriber:
            break;
    }
    return {
        "is neither a mobile (9 and eight digits) nor a landline (2 to 5 and seven digits) of "
        "Brazil",
        "não é celular (9 e oito dígitos) nem fixo (de 2 a 5 e sete dígitos) do Brasil"
    };
}

std::string_view code_of(NoPhoneNumber why) {
    switch (why) {
        case NoPhoneNumber::form:
            return "phone_form";
        case NoPhoneNumber::country:
            return "phone_country";
        case NoPhoneNumber::length:
            return "phone_length";
        case NoPhoneNumber::area:
            return "phone_area";
        case NoPhoneNumber::ninth_digit:
            return "phone_ninth_digit";
        case NoPhoneNumber::subscriber:
            break;
    }
    return "phone_subscriber";
}

Fault fault_of(NoPhoneNumber why) {
    return {"/phone", std::string(code_of(why)), words_of(why)};
}

Fault fault_of(NoTaxId why) {
    if (why == NoTaxId::form)
        return {
            "/document",
            "document_form",
            {"is neither a CPF (11 digits) nor a CNPJ (12 digits or letters and 2 digits)",
             "não é CPF (11 dígitos) nem CNPJ (12 dígitos ou letras e 2 dígitos)"}
        };
    return {
        "/document",
        "check_digits",
        {"the check digits do not fit", "os dígitos verificadores não conferem"}
    };
}

/// Given is what is neither empty nor blank.
bool is_blank(const std::string& text) {
    return without_unseen_ends(text).empty();
}

Edited<std::string> phone_of(const Edited<std::string>& told, std::vector<Fault>& faults) {
    if (!told.value()) return told;
    auto number = phone_number(*told.value());
    if (number) return *std::move(number);
    faults.push_back(fault_of(number.error()));
    return {};
}

Edited<TaxId> document_of(const Edited<std::string>& told, std::vector<Fault>& faults) {
    if (!told.given()) return {};
    if (!told.value()) return Edited<TaxId>::cleared();
    auto id = tax_id(*told.value());
    if (id) return *std::move(id);
    faults.push_back(fault_of(id.error()));
    return {};
}

Edited<std::string> locale_of(const Edited<std::string>& told, std::vector<Fault>& faults) {
    if (!told.value()) return told;
    if (auto name = locale_name(*told.value())) return *std::move(name);
    faults.push_back(
        {"/locale",
         "unknown_locale",
         {"is no known locale, such as pt_BR", "não é uma localidade conhecida, como pt_BR"}}
    );
    return {};
}

}  // namespace

Normalised normalised(const CustomerTold& told, std::vector<Fault>& faults) {
    Normalised known;
    if (told.email) {
        known.email = email_address(*told.email);
        if (!known.email)
            faults.push_back(
                {"/email",
                 "email",
                 {"is no e-mail address that mail can be sent to",
                  "não é um endereço de e-mail a que se possa enviar"}}
            );
    }
    if (told.name && !is_blank(*told.name)) known.name = without_unseen_ends(*told.name);
    known.phone = phone_of(told.phone, faults);
    known.document = document_of(told.document, faults);
    known.address = told.address;
    known.tags = told.tags;
    if (known.tags) {
        std::ranges::sort(*known.tags);
        const auto repeated = std::ranges::unique(*known.tags);
        known.tags->erase(repeated.begin(), repeated.end());
    }
    known.locale = locale_of(told.locale, faults);
    known.metadata = told.metadata;
    return known;
}

}  // namespace vitrine::commands
