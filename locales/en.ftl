### What the bot says in English.
### Keys that end in button, answer, label or name, or begin with command, bot or duration, are plain text without tags.

language-name = English

## Starting and stopping

start-greeting =
    Welcome.

    Here you receive the news of the topics you choose: each story once, as soon as it is published. That is a few messages a day, as the newsroom publishes, and nothing else.

    You can change your topics at any time with /topics, and stop the messages with /stop.
start-welcome-back =
    { $count ->
        [0] Welcome back.
        [one] Welcome back. Your topic is kept as you left it, and its news will reach you from now on.
       *[other] Welcome back. Your topics are kept as you left them, and their news will reach you from now on.
    }
stop-done = We have stopped writing to you; no more news will come. What you follow is kept: to come back one day, send /start.
stop-already = Messages are already stopped; you receive nothing from us. To come back, send /start.

## Topics

topics-prompt =
    { $count ->
        [0] Choose the topics whose news you want. Press a topic to follow it; press it again if you change your mind.
        [one] You follow one topic. Press a topic to follow it or to leave it.
       *[other] You follow { $count } topics. Press a topic to follow it or to leave it.
    }
topics-done =
    { $count ->
        [0] You have chosen no topics, so no news will come but that of the words you follow. To choose, send /topics whenever you like.
        [one] Done. You follow one topic, and its news will reach you as soon as it is published. To change it, send /topics.
       *[other] Done. You follow { $count } topics, and their news will reach you as soon as it is published. To change them, send /topics.
    }
topics-empty = The newsroom has not set up any topics yet. Please come back soon and send /topics.
topic-on-button = ✅ { $topic }
topic-off-button = ▫️ { $topic }
topic-on-answer = You now follow “{ $topic }”.
topic-off-answer = You no longer follow “{ $topic }”.
topic-followed = You now follow “<b>{ $topic }</b>”, and its news will reach you as soon as it is published.
topic-unknown = The topic that this link points to does not exist; perhaps it has been renamed. You always find the topics there are with /topics.
done-button = Done

## A reader's own words

keywords-prompt =
    { $count ->
        [0] You follow no words. When you follow a word or a phrase, every new story that has it reaches you, whatever its topic.
        [one] You follow one word, and every new story that has it reaches you. Press it to leave it.
       *[other] You follow { $count } words, and every new story that has one of them reaches you. Press a word to leave it.
    }

    You can follow { $max } words or phrases. To add one, send the command followed by it, like this:
    /keywords central bank
keyword-added = You now follow “<b>{ $keyword }</b>”.
keyword-known = “<b>{ $keyword }</b>” is among your words already.
keyword-full = “<b>{ $keyword }</b>” was not added, because you follow as many words as you can. Leave one of them to add another.
keyword-too-long = “<b>{ $keyword }</b>” was not added, because it is longer than we can follow. Try a word or a short phrase.
keyword-no-word = “<b>{ $keyword }</b>” was not added, because there is no word in it to follow.
keyword-remove-button = ✕ { $keyword }
keyword-removed-answer = You no longer follow “{ $keyword }”.
keyword-gone-answer = This word was not among yours. These are your words now.

## Search

search-ask =
    We find the newest stories that have all of your words. Send the command followed by what you are looking for, like this:
    /search central bank
search-nothing =
    We found no story that has all the words of “<b>{ $query }</b>”.

    Try fewer or more general words, or another spelling. To receive what is published about it later, send /keywords followed by the word.
search-found =
    { $count ->
        [0] We found no story with “<b>{ $query }</b>”.
        [one] We found one story with “<b>{ $query }</b>”:
       *[other] The newest { $count } stories with “<b>{ $query }</b>”:
    }
search-result =
    { $headline }
    { $source }

## Language

language-prompt = In which language shall we write to you?
language-changed = From now on we write to you in English. The news itself comes in its own language.

## Help, and what we do not understand

help-readers =
    Here you receive the news of the topics and words you follow, each story once, as soon as it is published. These are the commands:

    { $commands }
help-editors =
    <b>For editors</b>

    { $commands }
help-command = { $command } — { $description }
unknown-text = Sorry, I do not read free messages. To choose your topics, send /topics; to search the news, /search; for all commands, send /help.
stale-button-answer = This button is out of date and no longer works. Send /topics to see your topics as they are now.
cancel-done = What you were working on is cancelled; nothing was sent.
cancel-nothing = There is nothing to cancel. For the commands, send /help.
error-internal = Sorry, something went wrong on our side, and what you asked for was not done. Please try again shortly.

## Editors' messages to everyone

broadcast-ask =
    Now send the message you want to pass on: text, a picture, a file or an album. You will first see it as readers will, and then choose who receives it.

    To go back, send /cancel.
broadcast-unknown-command = We do not know this command, and commands are not passed on to readers. Send your message, or go back with /cancel.
broadcast-album-collecting =
    { $count ->
        [0] Nothing of the album has arrived yet. Send its parts, then press “Preview”.
        [one] One part of the album has arrived. When all of it is here, press “Preview”.
       *[other] { $count } parts of the album have arrived. When all of it is here, press “Preview”.
    }
broadcast-preview-button = Preview
broadcast-preview-intro = This is how your message will arrive:
broadcast-preview-failed = Telegram does not allow copies of this message ({ $reason }). Send another one, or send /cancel to go back.
broadcast-audience-question = Who shall receive it?
broadcast-audience-everyone-button = Everyone: readers and channels ({ $count })
broadcast-audience-readers-button = Readers only ({ $count })
broadcast-audience-topic-button = Followers of “{ $topic }” ({ $count })
broadcast-audience-everyone-label = everyone: readers and channels
broadcast-audience-readers-label = readers only
broadcast-audience-topic-label = followers of “{ $topic }”
broadcast-audience-empty-answer = None of these can be written to at the moment. Choose another audience, or send /cancel to go back.
broadcast-confirm =
    <b>Audience:</b> { $audience }
    <b>Size:</b> { $count ->
        [one] one chat
       *[other] { $count } chats
    }
    <b>Expected duration:</b> { $duration }

broadcast-once-off = Where no answer comes and we cannot know whether it has arrived, we send it once more: it may arrive twice.
broadcast-once-on = Where no answer comes and we cannot know whether it has arrived, we do not send it again: it may be missing.
broadcast-once-off-button = ▫️ At most once
broadcast-once-on-button = ✅ At most once
broadcast-confirm-question = Once sent, it cannot be taken back. Shall we send it?
broadcast-send-button = Send
broadcast-cancel-button = Cancel
broadcast-cancelled = The message is cancelled; nobody received it. For a new one, send /broadcast.
broadcast-expired-answer = This button belongs to an earlier message and no longer works. For a new one, send /broadcast.
broadcast-progress =
    <b>Sending</b>
    Arrived: { $sent } of { $total }
    Could not be reached: { $blocked }
    Not sent for another reason: { $failed }
    Time left: { $remaining }
broadcast-report =
    <b>Sending has ended</b>
    Arrived: { $sent } of { $total }
    Could not be reached: { $blocked }
    Not sent for another reason: { $failed }
    Perhaps arrived: { $unknown }
broadcast-stopped =
    <b>Sending has stopped</b>
    Telegram refused the message itself: { $reason }
    Arrived before that: { $sent } of { $total }
    Perhaps arrived: { $unknown }

    Please correct the message and send it again with /broadcast.

broadcast-unknown-again =
    { $count ->
        [0] Nothing is unknown.
        [one] No answer came from one chat: the message may have arrived there once, twice or not at all.
       *[other] No answer came from { $count } chats: the message may have arrived there once, twice or not at all.
    }
broadcast-unknown-once =
    { $count ->
        [0] Nothing is unknown.
        [one] No answer came from one chat: the message may have arrived there or not; it was not sent again, as you chose.
       *[other] No answer came from { $count } chats: the message may have arrived there or not; it was not sent again, as you chose.
    }

## The state of the newsroom

status-heading = <b>The state of the newsroom</b>
status-feeds-none = No feeds yet. Add one on the command line.
status-feeds = Feeds: { $ok } working, { $failing } failing, { $paused } paused.
status-feed-failing = ⚠️ { $feed }: { $problem }
status-paused = ⏸ Telegram asked us to slow down; sending resumes in { $duration }.
status-slowed = 🐢 Telegram found us too fast. Messages a second for now: { $perSecond } at most; it gets faster again by itself.
status-paid = ⭐ Paid messages today: { $count }. Stars: { $stars } of { $ceiling }.
status-unknown =
    { $count ->
        [one] One message may or may not have arrived: the connection broke while it was sent.
       *[other] { $count } messages may or may not have arrived: the connection broke while they were sent.
    }
status-run-failed = ⚠️ { $stage }: the last run broke. { $problem }
status-stage-collect = Collecting
status-stage-recheck = Rechecking
status-stage-publish = Publishing
status-stage-send = Sending
feed-problem-not-a-feed = the address gives something other than a feed. Correct it in the newsroom file.
feed-problem-slow-down = the site asks us to slow down; we come back when it says.
feed-problem-gone = the site says that this address is gone for good. Look for the new one.
feed-problem-missing = there is nothing at this address. Please check it.
feed-problem-denied = the site does not let us in. Ask its owners to allow this program.
feed-problem-server-error = the site answers with an error of its own; we will try again.
feed-problem-refused = the address is in a private network or of a kind we do not ask, so we do not.
feed-problem-too-large = the answer is larger than we accept.
feed-problem-timeout = the site does not answer in time; we will try again.
feed-problem-unreachable = the site cannot be reached; we will try again.
feed-problem-broken = the answer was cut off or spoilt on its way; we will try again.
feed-problem-redirect-loop = the address leads back to itself for ever. Please correct it.
status-backlog =
    { $count ->
        [0] No messages are waiting to be sent.
        [one] One message is waiting to be sent.
       *[other] { $count } messages are waiting to be sent.
    }
status-last-round =
    { $articles ->
        [0] Last round: { $time }, with no new articles.
        [one] Last round: { $time }, with one new article.
       *[other] Last round: { $time }, with { $articles } new articles.
    }
status-last-round-never = There has been no round yet.
status-recipients = Readers: { $readers } ({ $blocked } of them have blocked the bot). Channels: { $channels } ({ $disabled } of them disabled).
story-refused = The story “<b>{ $headline }</b>” is no longer being sent, because Telegram refused its content: { $reason }. Please look at the article at its source.
correction-refused = The story “<b>{ $headline }</b>” stays uncorrected where it was delivered, because Telegram refused the content of the correction: { $reason }. Please look at the article at its source.

## Topics that the model suggests

suggestion-question =
    <b>{ $headline }</b>

    Does this story belong to the topic “<b>{ $topic }</b>”? The model thinks so: { $percent }%.
suggestion-accept-button = ✓ Yes, add it
suggestion-dismiss-button = ✗ Not this topic
suggestion-accepted =
    <b>{ $headline }</b>

    ✅ Added to the topic “<b>{ $topic }</b>”.
suggestion-accepted-told =
    <b>{ $headline }</b>

    ✅ Added to the topic “<b>{ $topic }</b>”; those who follow it will receive it.
suggestion-accepted-untold =
    <b>{ $headline }</b>

    ✅ Added to the topic “<b>{ $topic }</b>”; it is not sent to those who follow it, being old or withdrawn.
suggestion-dismissed =
    <b>{ $headline }</b>

    ✖️ Not of the topic “<b>{ $topic }</b>”; it is not added.
suggestion-decided-answer = This suggestion has been decided already.
suggestion-gone-answer = This suggestion is no longer there. Send /suggestions to see what waits for you.
suggestions-none = No suggestions wait for you. Here you find the topics that the model thinks likely for a story, but is not sure of.
suggestions-more =
    { $count ->
        [0] No other suggestion is left.
        [one] One more suggestion waits.
       *[other] { $count } more suggestions wait.
    }
suggestions-more-button = Show more

## Withdrawing stories

withdraw-ask = Send /withdraw followed by the article's link, or send it as a reply to the story as you received it here.
withdraw-unknown = We could not find the story you mean. Send /withdraw followed by the article's link as it is at its source, or send it as a reply to the story as you received it here.
withdraw-confirm =
    <b>{ $headline }</b>

    { $count ->
        [0] Shall we withdraw this story? Nobody has received it, and nobody will.
        [one] Shall we withdraw this story? One chat has received it; it is deleted there, or struck through if it is two days old.
       *[other] Shall we withdraw this story? { $count } chats have received it; it is deleted there, or struck through if it is two days old.
    }

    This cannot be undone.
withdraw-yes-button = Withdraw it
withdraw-no-button = Keep it
withdraw-done =
    <s>{ $headline }</s>

    This story is withdrawn; it is being deleted or struck through wherever it was received.
withdraw-already =
    <s>{ $headline }</s>

    This story was withdrawn before.
withdraw-kept =
    <b>{ $headline }</b>

    This story was not withdrawn, and stays as it is.

## Why a story was sent, or not

why-ask =
    Why did a story reach a chat, or why not? Send the command followed by the chat's number or the channel's name, and the story's number or link:
    /why @channel https://news.example/story

    Without a story you see what was last owed to that chat. It is enough to send /why as a reply to a story that you received here, or to a post that you forwarded from a channel.
why-chat-unknown = We do not know the chat { $chat }: it has not begun with the bot, and is no channel that we publish in. Send its number, or the channel's name with its @.
why-story-unknown = We could not find the story you mean. Send its number or the article's link as it is at its source, or send /why as a reply to the story as you received it here.
why-nothing = Nothing was owed to this chat yet.
why-story =
    <b>{ $headline }</b>
    { $chat }
why-owed = What was last owed to this chat, the newest first. { $chat }

explain-subscriber = Reader, chat { $chat }
explain-channel = Channel { $chat }
explain-group = Group { $chat }
explain-of-story = Story: { $headline }
explain-of-digest = Digest { $digest }
explain-of-broadcast = Editors' message of { $at }
explain-of-correction = Correction of the story: { $headline }
explain-of-withdrawal = Withdrawal of the story: { $headline }
explain-unknown-time-label = an unknown time
explain-lane-breaking-label = breaking news
explain-lane-answer-label = answers
explain-lane-story-label = stories
explain-lane-digest-label = digests
explain-lane-broadcast-label = editors' messages
explain-lane-correction-label = corrections

explain-sent = Sent on { $at }, as message { $message } of the chat.
explain-sent-unnamed = Sent on { $at }; which message it is is not known, or it is not there any more.
explain-perhaps-twice = No answer came to an attempt before this one, so it was sent once more: it may have arrived twice.
explain-by-topics = Because the chat follows the topics { $topics }.
explain-by-keywords = Because words that the chat follows are in it: { $keywords }.
explain-lane = Its turn comes with { $lane }; planned on { $at }.
explain-planned = It waits to be sent.
explain-next = It waits to be sent, and nothing goes before it.
explain-waits =
    { $count ->
        [0] It waits to be sent, and no messages go before it.
        [one] It waits to be sent; one message goes before it (chunks before its own: { $total }).
       *[other] It waits to be sent; { $count } messages go before it (chunks before its own: { $total }).
    }
explain-in-hands = Its chunk is being sent now.
explain-waits-until = It waits to be sent, until { $at } at least.
explain-held = It waits to be gathered into a digest.
explain-tried =
    { $count ->
        [0] It was not tried yet.
        [one] It was tried once and not sent yet: { $reason }
       *[other] It was tried { $count } times and not sent yet: { $reason }
    }
explain-chat-pace = This chat is not written to before { $at }: Telegram allows each chat only so much.
explain-paused = Telegram asked us to slow down; all sending resumes in { $duration }.
explain-slowed = Sending is slowed to { $percent }% of its speed, because Telegram asked us to slow down.
explain-sending = It is being sent at this moment; the answer has not come yet.
explain-doubtful = It was sent and no answer came ({ $reason }): it may have arrived. It will be sent once more.
explain-unknown-twice = Whether it has arrived is unknown: it was sent, and sent once more, and no answer came either time; it is not sent again. { $at }: { $reason }
explain-unknown-once = Whether it has arrived is unknown: no answer came, and it was not sent again, as it was to be sent at most once. { $at }: { $reason }
explain-unknown-since = Whether it has arrived is unknown: no answer came, and it was not sent again for this reason: { $reason } ({ $at })
explain-failed = Not sent. This was the answer on { $at }: { $reason }
explain-canceled = Not sent; closed on { $at } for this reason: { $reason }
explain-canceled-withdrawn = Not sent, because it was withdrawn before its turn came ({ $reason }). Closed on { $at }.
explain-canceled-superseded = Not sent, because what came after it shows more ({ $reason }). Closed on { $at }.
explain-canceled-stale = Not sent, because it was too old ({ $reason }). Closed on { $at }.
explain-canceled-left = Not sent, because the chat was not to be written to when its turn came ({ $reason }). Closed on { $at }.
explain-in-digest = Not sent by itself, but in digest { $digest }:
explain-will-not = It will not be sent: { $reason }. It is closed when its turn comes.
explain-will-not-away = It will not be sent, because the chat is not written to now. It is closed when its turn comes.
explain-will-not-left = It will not be sent, because the chat left on { $at }, after it was planned, and came back. It is closed when its turn comes.
explain-chat-stopped = The chat has stopped all messages with /stop, since { $at }.
explain-chat-blocked = The bot is blocked in the chat since { $at }: { $reason }
explain-chat-disabled = The bot cannot write to the chat since { $at }: { $reason }
explain-came-later = The chat was not with us when the story was planned ({ $planned }). It came on { $at }.
explain-away = The chat had left on { $at } and came back later. As nothing of the story was planned for it, it was away at that time.
explain-no-topics = The story has no topic, and the chat follows none.
explain-story-no-topics = The story has no topic. The chat follows { $chatTopics }.
explain-chat-no-topics = The chat follows no topic. The story's topics are { $storyTopics }.
explain-no-common-topic = The story's topics are { $storyTopics }, and the chat follows none of them; it follows { $chatTopics }.
explain-followed-later = The chat follows { $topics }, but only since after { $planned }, when the story was planned.
explain-keywords-later = The chat follows words that are in it: { $keywords }, but only since after { $planned }, when it was planned.
explain-keywords-not-found = None of the chat's own words was found in it: { $keywords }.
explain-language-differs = The story's language is { $storyLanguage }, and this channel publishes only its own: { $chatLanguage }.
explain-no-reason = It was not planned for this chat, and nothing that is known today says why: the chat may have followed other things then, or the story's topics have changed.
explain-story-unplanned = To whom the story is sent has not been decided yet.
explain-story-waits-model = The story waits for its summary from the model, until { $at } at most; then it is planned.
explain-story-withdrawn = This story was withdrawn on { $at }.
explain-article-old = The article came on { $at } with the first round of its feed and was no fresh news; such articles are kept and never sent.
explain-article-waits = The article came on { $at }, and has not been read and put into a story yet.
explain-article-withdrawn = The article was withdrawn on { $at }: { $reason }
explain-article-joined = The article is not told by itself: it joined story { $story }: { $headline }
explain-corrected = Its message was corrected on { $at }.
explain-correcting = The correction of its message waits to be sent.
explain-not-corrected = Its message was not corrected: { $reason }
explain-taken-back = Its message was deleted or struck through on { $at }.
explain-taking-back = Its message waits to be deleted or struck through.
explain-not-taken-back = Its message was neither deleted nor struck through: { $reason }

## Channels

channel-added = The bot is now an administrator of the channel “<b>{ $title }</b>”.
channel-added-without-rights =
    The bot has no right to post in the channel “<b>{ $title }</b>”, so nothing will be published there.

    Give it the right “Post Messages” in the channel's administrator settings; we will tell you when it is ready.
channel-removed = The bot is no longer in the channel “<b>{ $title }</b>”, so we have stopped publishing there. To resume, add the bot as an administrator again.
channel-disabled =
    Publishing in the channel “<b>{ $title }</b>” has stopped, because Telegram refused it: { $reason }

    Make sure that the bot is an administrator there with the right “Post Messages”, then add it again.
channel-topics-prompt =
    { $count ->
        [0] Choose the topics whose news goes to “<b>{ $title }</b>”: so far nothing is published there.
        [one] One topic is published in “<b>{ $title }</b>”. Press a topic to add or remove it.
       *[other] { $count } topics are published in “<b>{ $title }</b>”. Press a topic to add or remove it.
    }
channel-topics-done =
    { $count ->
        [0] You have chosen no topics for “<b>{ $title }</b>”, so nothing will be published there.
        [one] Done. The news of one topic will be published in “<b>{ $title }</b>” as soon as it is out.
       *[other] Done. The news of { $count } topics will be published in “<b>{ $title }</b>” as soon as it is out.
    }
channel-topic-on-answer = News of “{ $topic }” is now published in “{ $title }”.
channel-topic-off-answer = News of “{ $topic }” is no longer published in “{ $title }”.

## The news itself

story-breaking-label = 🔴 Breaking
story-read-button = Read the full story
story-follow-up-label = Follow-up
story-also-reported =
    { $count ->
        [0] Also reported by: { $names }
        [one] Also reported by: { $names } and one other
       *[other] Also reported by: { $names } and { $count } others
    }
story-updated = Updated: { $time }
story-withdrawn = This story was withdrawn.
digest-heading =
    { $count ->
        [one] While you were away: one story
       *[other] While you were away: { $count } stories
    }
digest-other-stories = Other stories
digest-more =
    { $count ->
        [one] … and one more
       *[other] … and { $count } more
    }

## Commands, and the bot's profile

command-start = Start receiving news
command-topics = Choose the topics you follow
command-keywords = Follow words of your own
command-search = Search the news
command-language = Change the bot's language
command-stop = Stop the messages
command-help = What this bot does, and its commands
command-broadcast = Send a message to readers and channels
command-status = The state of feeds and sending
command-suggestions = Decide on the topics that the model suggests
command-withdraw = Take a story back from those who received it
command-why = Why a story reached a chat, or did not
command-cancel = Cancel what you are working on
bot-description =
    News of the topics you choose, summed up and as soon as it is published.

    Press “Start” and choose your topics: each story comes once, nothing but news, and you can stop at any time.
bot-short-description = News of the topics you choose, summed up and as soon as it is published.

## Durations

duration-seconds =
    { $count ->
        [0] less than a second
        [one] one second
       *[other] { $count } seconds
    }
duration-minutes =
    { $count ->
        [0] less than a minute
        [one] one minute
       *[other] { $count } minutes
    }
duration-hours =
    { $count ->
        [0] less than an hour
        [one] one hour
       *[other] { $count } hours
    }
