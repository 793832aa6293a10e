#pragma once

#include <boost/system/error_code.hpp>

#include "core/phrase.hpp"

namespace vitrine::net {

/// What went wrong with a connection. What is seldom stays in the words of the system.
Phrase words_of(const boost::system::error_code& error);

}  // namespace vitrine::net
