#pragma once

#include "gateways/rest/call.hpp"

/// The platform is spoken to in the words that all gateways share; here they have its name too.
namespace vitrine::clubify {

using rest::Answer;
using rest::Call;
using rest::CallError;
using rest::Result;

}  // namespace vitrine::clubify
