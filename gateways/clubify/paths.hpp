#pragma once

#include "core/ids.hpp"
#include "gateways/clubify/call.hpp"
#include "gateways/rest/paths.hpp"

namespace vitrine::clubify {

using rest::add_query;
using rest::comma_list;
using rest::get_call;
using rest::make_call;

/// "/offers/{id}/publish"
std::string path_of(std::string_view collection, const ClubifyId& id, std::string_view rest = {});

}  // namespace vitrine::clubify
