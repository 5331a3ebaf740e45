#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>

#include "transfer.hpp"

namespace referee::http {

/// One libcurl handle with a connection cache of its own. Driven through the multi interface, whose loop is ours: the
/// easy interface looks at time limits once a second at best. Used by one thread at a time.
class WireSlot {
 public:
  explicit WireSlot(const ClientOptions& options);

  /// `fresh` opens a new connection even if one is idle.
  WireResult perform(const WireRequest& request, bool fresh);

  /// The last transfer died on a connection that had been idle, before any byte of a response.
  [[nodiscard]] bool died_on_reused_connection() const { return died_on_reused_; }

 private:
  struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, ListDeleter>;

  void configure(const WireRequest& request, bool fresh);
  void configure_tls();
  void configure_proxy(const std::string& url);
  void configure_body(const WireRequest& request);
  std::optional<Error> drive(Transfer& transfer, std::string_view authority);
  /// What may explain that nothing was answered.
  [[nodiscard]] std::string_view doubt(const Transfer& transfer) const;
  Error failure(CURLcode code, const Transfer& transfer, std::string_view authority);

  const ClientOptions& options_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::unique_ptr<CURL, EasyDeleter> easy_;  // destroyed before the multi handle
  List headers_;
  List connect_to_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  bool died_on_reused_ = false;
  bool demands_plain_http2_ = false;
};

}  // namespace referee::http
