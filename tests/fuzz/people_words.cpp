// What people are known by, as they write it: what is taken has one spelling, which is taken as
// itself.

#include "core/email_address.hpp"
#include "core/phone_number.hpp"
#include "core/tax_id.hpp"
#include "core/text.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    if (const auto email = email_address(text)) {
        fuzz::require(email_address(*email) == email, "an e-mail address stays itself");
        fuzz::require(is_utf8(*email) && email->size() <= 254, "it can be stored and sent");
        fuzz::require(email->find('@') == email->rfind('@'), "it has one mailbox");
    }
    if (const auto phone = phone_number(text)) {
        fuzz::require(phone_number(*phone).value_or("") == *phone, "a number stays itself");
        fuzz::require(
            phone->front() == '+' && phone->size() <= 16 &&
                phone->find_first_not_of("0123456789", 1) == std::string::npos,
            "a number is E.164"
        );
    }
    if (const auto id = tax_id(text)) {
        const auto again = tax_id(id->number);
        fuzz::require(again.has_value() && *again == *id, "a document stays itself");
        fuzz::require(
            id->number.size() == (id->kind == TaxId::Kind::cpf ? 11U : 14U), "it has its digits"
        );
    }
    return 0;
}
