// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Callers} from "../access/Callers.sol";

/// @dev Says who called and with what, as the contracts that holders call see it.
contract CallersProbe is Callers {
    event Heard(address caller, bytes data);

    constructor(address authority, address forwarder) Callers(authority, forwarder) {}

    function hear(uint256) external {
        emit Heard(_msgSender(), _msgData());
    }
}
