// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

/// @title Carries a holder's signed request to the ledger, so that somebody else can pay the gas.
/// @dev Nothing of our own. Who calls through it is the signer for a holder's calls and nobody for a role's: roles are
/// read from `msg.sender`, which is this contract.
contract TerraLuminaForwarder is ERC2771Forwarder("TerraLumina") {}
