#pragma once

#include "gateways/rest/json_reader.hpp"
#include "gateways/rest/json_writer.hpp"

/// How the platform wraps its answers. For .cpp files only.
namespace vitrine::clubify {

using rest::find;
using rest::integer_of;
using rest::Json;
using rest::JsonWriter;
using rest::list_in;
using rest::Names;
using rest::number_of;
using rest::text_form;
using rest::text_of;
using rest::texts_of;

/// The document, taken out of `{"data": …}` if it is in one. Null when it is not JSON.
Json read_document(const JsonText& answer);

/// Does `page` end the list, as far as the answer tells?
bool is_last_page(const Json& document, int page, std::size_t got, std::size_t page_size);

}  // namespace vitrine::clubify
