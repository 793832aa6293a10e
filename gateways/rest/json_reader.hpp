#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/json_text.hpp"

/// Reading JSON whose members may be missing, of another type, or spelt in another way. For .cpp
/// files only.
namespace vitrine::rest {

using Json = nlohmann::ordered_json;
using Names = std::initializer_list<const char*>;

/// The first member of these names that is there and not null.
const Json* find(const Json& object, Names names);

std::string text_of(const Json& object, Names names);
std::optional<std::int64_t> integer_of(const Json& object, Names names);
/// The document itself if it is a list, or the list under one of these names. nullptr: neither.
const Json* list_in(const Json& document, Names names);

/// The texts of a list; what is no text is left out.
std::vector<std::string> texts_of(const Json& object, Names names);
std::optional<double> number_of(const Json& object, Names names);

JsonText text_form(const Json& value);

}  // namespace vitrine::rest
