#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// The one spelling of an address by which a person is known: without blanks at its ends, in lower
/// case, composed, its domain as the mail's servers know it ("Ana@CAFÉ.com.br" ->
/// "ana@xn--caf-dma.com.br"). What stands before the "@" is otherwise left alone: "ana+loja" and
/// "a.na" may be other mailboxes. nullopt: no mail can be sent there from the internet. An address
/// in quotation marks or at a number is taken for none.
std::optional<std::string> email_address(std::string_view utf8);

}  // namespace vitrine
