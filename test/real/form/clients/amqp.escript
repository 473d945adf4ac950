#!/usr/bin/env escript
%% A client of RabbitMQ on the library that Debian's server brings: `publish` numbers its messages, one after another, each again until it
%% is confirmed; `consume` takes all there are. The password comes by the environment. Lines for the test: `acked N`, `gap MS`, `got N`.

main([What, Hosts, Queue | More]) ->
    code:add_pathsa(filelib:wildcard("/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins/*/ebin")),
    logger:set_primary_config(level, none),
    {ok, _} = application:ensure_all_started(amqp_client),
    run(What, string:lexemes(Hosts, ","), list_to_binary(Queue), More).

run("publish", Hosts, Queue, [Seconds]) ->
    Until = now_ms() + list_to_integer(Seconds) * 1000,
    publish(Hosts, open(Hosts, Queue), Queue, 1, Until, now_ms(), 0);
run("consume", Hosts, Queue, []) ->
    consume(open(Hosts, Queue), Queue).

publish(_, {Connection, _}, _, Number, Until, Last, Gap) when Last >= Until ->
    io:format("acked ~b~ngap ~b~n", [Number - 1, Gap]),
    amqp_connection:close(Connection);
publish(Hosts, {Connection, Channel}, Queue, Number, Until, Last, Gap) ->
    Message = {amqp_msg, persistent(), integer_to_binary(Number)},
    Confirmed =
        try
            ok = amqp_channel:call(Channel, {'basic.publish', 0, <<>>, Queue, true, false}, Message),
            amqp_channel:wait_for_confirms(Channel, {2000, millisecond})
        catch
            _:_ -> broken
        end,
    case Confirmed of
        true ->
            Now = now_ms(),
            publish(Hosts, {Connection, Channel}, Queue, Number + 1, Until, Now, max(Gap, Now - Last));
        _ ->
            catch amqp_connection:close(Connection, 200),
            publish(Hosts, open(Hosts, Queue), Queue, Number, Until, Last, Gap)
    end.

consume({Connection, Channel}, Queue) ->
    case amqp_channel:call(Channel, {'basic.get', 0, Queue, true}) of
        {'basic.get_empty', _} ->
            amqp_connection:close(Connection);
        {_, {amqp_msg, _, Number}} ->
            io:format("got ~s~n", [Number]),
            consume({Connection, Channel}, Queue)
    end.

%% The first that answers; the queue is of whatever kind the server makes when it is not told one.
open(Hosts, Queue) ->
    open(Hosts, Hosts, Queue).

open(All, [], Queue) ->
    timer:sleep(100),
    open(All, All, Queue);
open(All, [Host | Others], Queue) ->
    try
        {ok, Connection} = amqp_connection:start(parameters(Host)),
        {ok, Channel} = amqp_connection:open_channel(Connection),
        amqp_channel:call(Channel, {'queue.declare', 0, Queue, false, true, false, false, false, []}),
        {'confirm.select_ok'} = amqp_channel:call(Channel, {'confirm.select', false}),
        {Connection, Channel}
    catch
        _:_ -> open(All, Others, Queue)
    end.

parameters(Host) ->
    Password = list_to_binary(os:getenv("PASSWORD")),
    Plain = [fun amqp_auth_mechanisms:plain/3],
    {amqp_params_network, <<"app">>, Password, <<"/">>, Host, 5672, 2047, 0, 5, 2000, none, Plain, [], []}.

persistent() ->
    U = undefined,
    {'P_basic', U, U, U, 2, U, U, U, U, U, U, U, U, U, U}.

now_ms() ->
    erlang:monotonic_time(millisecond).
