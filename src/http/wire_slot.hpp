#pragma once

#include <curl/curl.h>

#include <memory>

#include "easy_handle.hpp"

namespace referee::http {

/// One libcurl handle with a connection cache of its own. Driven through the multi interface, whose loop is ours: the
/// easy interface looks at time limits once a second at best. Used by one thread at a time.
class WireSlot {
 public:
  explicit WireSlot(const ClientOptions& options);

  /// `fresh` opens a new connection even if one is idle.
  WireResult perform(const WireRequest& request, bool fresh);

 private:
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  std::optional<Error> drive(Transfer& transfer, std::string_view authority);

  const ClientOptions& options_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  EasyHandle easy_;  // destroyed before the multi handle
};

}  // namespace referee::http
